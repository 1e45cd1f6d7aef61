// Standard decorators.
import { tprof } from 'ttprof';

export class Store {
  #items = new Map<string, number>();

  @tprof.timed()
  find(id: string): number | undefined {
    return this.#items.get(id);
  }

  @tprof.timed()
  static async open(path: string): Promise<Store> {
    return path === '' ? new Store() : new Store();
  }

  @tprof.timed()
  get size(): number {
    return this.#items.size;
  }

  @tprof.timed()
  set limit(value: number) {
    this.#items.set('limit', value);
  }

  @tprof.timed()
  add = (id: string, value: number): void => {
    this.#items.set(id, value);
  };

  @tprof.timed()
  accessor remove = (id: string): boolean => this.#items.delete(id);

  @tprof.timed()
  *[Symbol.iterator](): Generator<[string, number]> {
    for (const item of this.#items) yield item;
  }

  @tprof.timed()
  generic<T>(value: T): T {
    return value;
  }
}

// @ts-expect-error: a class is not timed, its methods are
@tprof.timed()
export class Whole {}
