import * as math from '../captured-math.js';
import type { SiteAddress } from '../contract.js';
import { allocate, heap, writeText } from './arena.js';
import {
  GROUP_DOUBLES,
  GROUP_HIGH,
  GROUP_KIND,
  GROUP_LABEL,
  GROUP_LABEL_BYTES,
  GROUP_LOW,
  GROUP_NEXT,
  GROUP_SITE,
  GROUPS,
  KEY_SUM,
  KIND,
} from './layout.js';
import { addSites, KINDS } from './site.js';

// Captured: the program may replace it.
const { from: toBuffer } = Buffer;

// Calls by their keys. Each group has a site's record of its own, so that all that is known of a function is known of it;
// whoever records calls needs to know that one alone.

export const GROUP_KINDS = ['value', 'range', 'text', 'other', 'error'] as const;
type GroupKind = (typeof GROUP_KINDS)[number];

/** How many distinct numbers have a group of their own; further ones go by powers of two. The report joins both. */
const MAX_VALUES = 16;
/** How many distinct texts have a group of their own. */
const MAX_TEXTS = 1000;
export const MAX_TEXT_LENGTH = 120;

/** What the arena need not know of a site's groups: their addresses by key. */
interface SiteGroups {
  readonly values: Map<number, SiteAddress>;
  readonly powers: Map<number, SiteAddress>;
  readonly texts: Map<string, SiteAddress>;
  other: SiteAddress;
  error: SiteAddress;
}

const NO_GROUP = 0 as SiteAddress;

const bySite = new Map<SiteAddress, SiteGroups>();

/** @returns the address of a group's record, 0 where there is no memory */
export function findNumberGroup(site: SiteAddress, key: number): SiteAddress {
  const { values, powers } = groupsOf(site);
  const known = values.get(key);
  if (known !== undefined) return known;
  if (values.size < MAX_VALUES) {
    const added = addGroup(site, 'value', '', key, key);
    values.set(key, added);
    return added;
  }
  const [low, high] = powerAround(key);
  let group = powers.get(low);
  if (group === undefined) powers.set(low, (group = addGroup(site, 'range', '', low, high)));
  return group;
}

/** @param key at most {@link MAX_TEXT_LENGTH} long */
export function findTextGroup(site: SiteAddress, key: string): SiteAddress {
  const groups = groupsOf(site);
  const known = groups.texts.get(key);
  if (known !== undefined) return known;
  if (groups.texts.size >= MAX_TEXTS) return (groups.other ||= addGroup(site, 'other', '', 0, 0));
  const added = addGroup(site, 'text', key, 0, 0);
  // a copy: a part of a longer text would keep all of that alive
  groups.texts.set(toBuffer(key, 'utf16le').toString('utf16le'), added);
  return added;
}

/** The group of calls whose keys threw. */
export function findErrorGroup(site: SiteAddress): SiteAddress {
  const groups = groupsOf(site);
  return (groups.error ||= addGroup(site, 'error', '', 0, 0));
}

function groupsOf(site: SiteAddress): SiteGroups {
  let groups = bySite.get(site);
  if (groups === undefined) {
    groups = { values: new Map(), powers: new Map(), texts: new Map(), other: NO_GROUP, error: NO_GROUP };
    bySite.set(site, groups);
  }
  return groups;
}

/** From a power of two up to the next, which is not within; 0 is alone, and below it the same mirrored. */
function powerAround(key: number): [low: number, high: number] {
  if (key === 0) return [0, 0];
  const size = math.abs(key);
  let power = 2 ** math.floor(math.log2(size));
  // log2 can round up just below a power of two
  if (power > size) power /= 2;
  return key > 0 ? [power, power * 2] : [-power * 2, -power];
}

function addGroup(site: SiteAddress, kind: GroupKind, label: string, low: number, high: number): SiteAddress {
  const group = allocate(GROUP_DOUBLES);
  const own = addSites([KINDS[heap[site + KIND]!]!]);
  const text = writeText(label);
  if (group === 0 || own === 0 || text.address === 0) return NO_GROUP;
  heap[group + GROUP_SITE] = own;
  heap[group + GROUP_KIND] = GROUP_KINDS.indexOf(kind);
  heap[group + GROUP_LABEL] = text.address;
  heap[group + GROUP_LABEL_BYTES] = text.bytes;
  heap[group + GROUP_LOW] = low;
  heap[group + GROUP_HIGH] = high;
  heap[group + GROUP_NEXT] = heap[site + GROUPS]!;
  heap[site + GROUPS] = group;
  heap[own + KEY_SUM] = 0;
  return own;
}
