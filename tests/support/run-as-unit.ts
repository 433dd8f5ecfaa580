/** Runs the program as the systemd unit would: another user without rights, everything read-only but two folders. */
import { chown } from 'node:fs/promises';
import { type ProgramResult, runTool } from './run-program.ts';

/** What no user owns on Debian, and everybody may look a name up for. */
const nobody = 65_534;

const script = `
  site="$1" state="$2" program="$3"; shift 3
  mount --bind "$site" "$site"
  mount --bind "$state" "$state"
  while read -r _ _ _ _ point _; do
    case "$point" in
      "$site" | "$state" | /proc* | /sys* | /dev*) ;;
      *) mount -o remount,bind,ro "$point" ;;
    esac
  done < /proc/self/mountinfo
  if touch "$program/probe" 2>/dev/null; then echo 'the program is not read-only' >&2; exit 99; fi
  mount -t proc -o hidepid=invisible,subset=pid proc /proc
  umask 0022
  exec setpriv --reuid=${nobody} --regid=${nobody} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
    env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME=/nonexistent "$@"
`;

export interface UnitFolders {
  readonly siteDir: string;
  readonly stateDir: string;
  readonly programDir: string;
}

/** Runs `words` and gives the two folders to the unit's user. Only root can do this. */
export async function runAsUnit(words: readonly string[], folders: UnitFolders): Promise<ProgramResult> {
  const { siteDir, stateDir, programDir } = folders;
  for (const folder of [siteDir, stateDir]) await chown(folder, nobody, nobody);
  const namespace = ['--mount', '--pid', '--fork', '--propagation', 'private'];
  return runTool('unshare', [...namespace, 'sh', '-eu', '-c', script, 'sh', siteDir, stateDir, programDir, ...words]);
}
