/**
 * An internet of the test's own: network namespaces of Linux. In the middle a public network (203.0.113.0/24,
 * RFC 5737) with bootstrap and TURN server; around it homes, each with a private network behind a router that
 * does NAT. Nothing of it reaches, or is reached from, the machine's own network.
 *
 * Law: all that is made carries this process's id in its name and goes with `close`, however the test ended; what
 * a process left that was killed goes when the next one begins.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Nat, rules } from './nat.ts'

const PREFIX = 'colonia-nat-'
export const PUBLIC = '203.0.113.1'

/** How a home is connected: what its router does, and the router's public address. */
export interface Uplink {
  nat: Nat
  /** The last byte of the router's public address, and the second byte of the private network behind it. */
  number: number
}

export interface Home {
  /** What goes before a command to run it there. */
  readonly inside: readonly string[]
  /** Takes the cable out of one uplink and then puts it into another, which gives another address. */
  move(to: number): void
  /** What is sent either way gets lost behind the router, of which nobody is told, until it is mended. */
  cut(): void
  mend(): void
}

export interface Internet {
  /** What goes before a command to run it on the public machine. */
  readonly inside: readonly string[]
  /** The first uplink is up. */
  home(name: string, uplinks: readonly Uplink[]): Home
  close(): void
}

/** Why there can be no network namespaces here; `undefined` if they can be made. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const probe = `${PREFIX}${process.pid}-probe`
  try {
    run('ip', 'netns', 'add', probe)
    try {
      run(...within(probe), 'nft', '-f', '-', { input: rules({ nat: 'symmetric', inner: '10.1.0.2' }) })
      run('turnserver', '--version')
    } finally {
      run('ip', 'netns', 'del', probe)
    }
  } catch (error) {
    const { path, stderr } = error as { path?: string; stderr?: string }
    if (path !== undefined) return `there is no \`${path}\``
    return `namespaces cannot be made: ${String(stderr).trim().split('\n')[0]}`
  }
  return undefined
}

/** @throws Error when namespaces cannot be made; ask `whyNot` first. */
export function openInternet(): Internet {
  sweep()
  const name = `${PREFIX}${process.pid}`
  const made: string[] = []
  const add = (suffix: string): string => {
    const space = `${name}-${suffix}`
    run('ip', 'netns', 'add', space)
    made.push(space)
    ip(space, 'link set lo up')
    return space
  }
  const close = () => made.splice(0).forEach(remove)
  process.once('exit', close)

  const middle = add('public')
  ip(middle, 'link add public type bridge', 'link set public up', `addr add ${PUBLIC}/24 dev public`)

  /** A router, with its `lan` at the end of a cable that is `port` in the home. */
  function router(suffix: string, { nat, number }: Uplink, home: string, port: string): void {
    const space = add(suffix)
    ip(middle, `link add port${number} type veth peer name wan netns ${space}`)
    ip(middle, `link set port${number} master public up`)
    ip(space, 'link set wan up', `addr add 203.0.113.${number}/24 dev wan`)
    ip(space, `link add lan type veth peer name ${port} netns ${home}`)
    ip(space, 'link set lan up', `addr add 10.${number}.0.1/24 dev lan`)
    run(...within(space), 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
    run(...within(space), 'nft', '-f', '-', { input: rules({ nat, inner: `10.${number}.0.2` }) })
  }

  return {
    inside: within(middle),
    home(homeName, uplinks) {
      const home = add(homeName)
      uplinks.forEach((uplink, index) => {
        router(`${homeName}-router${index}`, uplink, home, `eth${index}`)
      })
      const plug = (index: number) => {
        const number = uplinks[index]?.number
        ip(home, `addr add 10.${number}.0.2/24 dev eth${index}`, `link set eth${index} up`)
        ip(home, `route add default via 10.${number}.0.1`)
      }
      let plugged = 0
      plug(plugged)
      return {
        inside: within(home),
        move(to) {
          ip(home, `addr flush dev eth${plugged}`, `link set eth${plugged} down`)
          plugged = to
          plug(plugged)
        },
        cut: () => ip(middle, `link set port${uplinks[plugged]?.number} nomaster`),
        mend: () => ip(middle, `link set port${uplinks[plugged]?.number} master public`),
      }
    },
    close() {
      process.off('exit', close)
      close()
    },
  }
}

function within(space: string): [string, ...string[]] {
  return ['ip', 'netns', 'exec', space]
}

function ip(space: string, ...commands: string[]): void {
  for (const command of commands) run('ip', '-n', space, ...command.split(' '))
}

/** Ends what still runs in it, and then it. */
function remove(space: string): void {
  try {
    for (const pid of run('ip', 'netns', 'pids', space).split('\n').filter(Boolean)) {
      process.kill(Number(pid), 'SIGKILL')
    }
    run('ip', 'netns', 'del', space)
  } catch {
    // It, or a process in it, went by itself.
  }
}

/** What is left of runs whose process is gone. */
function sweep(): void {
  for (const line of run('ip', 'netns', 'list').split('\n')) {
    const [space = ''] = line.split(' ')
    const pid = space.startsWith(PREFIX) ? Number.parseInt(space.slice(PREFIX.length), 10) : process.pid
    if (!existsSync(`/proc/${pid}`)) remove(space)
  }
}

/** @returns its standard output. @throws the system's error, with `stderr` */
function run(program: string, ...rest: (string | { input: string })[]): string {
  const input = rest.find((one) => typeof one !== 'string')
  const args = rest.filter((one) => typeof one === 'string')
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...input })
}
