/** Uploads under way. Their ids count up from one, so that two runs of the same test see the same addresses. */

export interface UploadSession {
  readonly id: string;
  readonly chunks: readonly Uint8Array[];
  readonly sizeBytes: number;
}

export interface UploadSessions {
  start(): UploadSession;
  find(id: string): UploadSession | undefined;
  append(id: string, chunk: Uint8Array): UploadSession;
  end(id: string): void;
}

export function createUploadSessions(): UploadSessions {
  const sessions = new Map<string, UploadSession>();
  let started = 0;

  return {
    start: () => {
      started += 1;
      const session = { id: `00000000-0000-4000-8000-${String(started).padStart(12, '0')}`, chunks: [], sizeBytes: 0 };
      sessions.set(session.id, session);
      return session;
    },
    find: (id) => sessions.get(id),
    append: (id, chunk) => {
      const { chunks, sizeBytes } = sessions.get(id) ?? { chunks: [], sizeBytes: 0 };
      const session = { id, chunks: [...chunks, chunk], sizeBytes: sizeBytes + chunk.byteLength };
      sessions.set(id, session);
      return session;
    },
    end: (id) => {
      sessions.delete(id);
    },
  };
}
