/** In {@link RunInfo.flags} where what runs inside of targets was sampled. */
export const DRILL_FLAG = '--drill';
