/*
 * Three kinds of numbers that must not be mixed up. They are plain numbers at run time; only types tell them apart, and
 * what makes one of another says so with `as`.
 */

/** Which function of its module: an index into `ModuleDescription.sites`. */
export type SiteIndex = number & { readonly __number: 'site index' };

/** Where the record of a site lies in the arena, in doubles. */
export type SiteAddress = number & { readonly __number: 'site address' };

/** Where a frame of the shadow stack lies in the arena, in doubles; 0 for none. */
export type FrameAddress = number & { readonly __number: 'frame address' };
