// With `experimentalDecorators`.
import { tprof } from 'ttprof';

export class Store {
  @tprof.timed()
  find(id: string): string {
    return id;
  }

  @tprof.timed()
  static async open(path: string): Promise<number> {
    return path.length;
  }

  @tprof.timed()
  get size(): number {
    return 1;
  }
}
