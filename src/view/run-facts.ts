/** How an image runs: what its config says, in the words of a Dockerfile. */
import type { ImageConfig } from '../oci/image-config.ts';
import { toVisibleText } from './visible-text.ts';

export interface RunFact {
  readonly term: 'ENTRYPOINT' | 'CMD' | 'USER' | 'WORKDIR' | 'EXPOSE' | 'VOLUME' | 'STOPSIGNAL';
  readonly text: string;
}

/** The facts that the config records, in the order of a Dockerfile. */
export function toRunFacts(config: ImageConfig): readonly RunFact[] {
  const facts: readonly (readonly [RunFact['term'], string | null])[] = [
    ['ENTRYPOINT', toWords(config.entrypoint)],
    ['CMD', toWords(config.command)],
    ['USER', config.user],
    ['WORKDIR', config.workingDir],
    ['EXPOSE', config.exposedPorts.join(' ') || null],
    ['VOLUME', config.volumes.join(' ') || null],
    ['STOPSIGNAL', config.stopSignal],
  ];
  return facts.flatMap(([term, text]) => (text === null ? [] : [{ term, text: toVisibleText(text) }]));
}

function toWords(words: readonly string[] | null): string | null {
  return words === null || words.length === 0 ? null : JSON.stringify(words).replaceAll('","', '", "');
}
