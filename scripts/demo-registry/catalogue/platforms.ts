import type { PlatformJson } from '../image/encode-content.ts';

export const amd64: PlatformJson = { os: 'linux', architecture: 'amd64' };
export const arm64: PlatformJson = { os: 'linux', architecture: 'arm64', variant: 'v8' };
export const armV7: PlatformJson = { os: 'linux', architecture: 'arm', variant: 'v7' };
