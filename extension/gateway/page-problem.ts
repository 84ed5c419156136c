/** Why a page got no answer, in words for people. */
export interface PageProblem {
  title: string;
  detail?: string;
  /** worth asking again in a while */
  isPassing: boolean;
  /** can be mended in the settings */
  isForSettings: boolean;
}
