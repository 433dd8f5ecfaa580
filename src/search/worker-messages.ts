/** What the page and the thread that searches say to each other. */
import type { Answer } from './search-result.ts';

export type WorkerRequest = OpenRequest | AskRequest;

export interface OpenRequest {
  readonly type: 'open';
  /** The index file, in UTF-8. */
  readonly index: ArrayBuffer;
  /** The whole address of the folder of the files that the index names; ends in a slash. */
  readonly shardsUrl: string;
  readonly hosts: readonly string[];
}

export interface AskRequest {
  readonly type: 'ask';
  readonly id: number;
  readonly text: string;
  readonly most: number;
  /** Whether the page has no index of its own, and wants the names as soon as they are found. */
  readonly wantsNames: boolean;
}

export interface WorkerAnswer {
  readonly id: number;
  /** Null when the files could not be read. */
  readonly answer: Answer | null;
  /** Whether nothing better will follow. */
  readonly isFinal: boolean;
}
