import { readdirSync, readFileSync } from 'node:fs'

/** Processes by their parents, as the system tells it: whom a program has brought into the world. */
export function childrenOf(parent: number): number[] {
  const found: number[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // The name of a program may hold spaces and brackets; what follows the last one is plain.
      const after = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '')
      if (Number(after.split(' ')[1]) === parent) found.push(Number(name))
    } catch {
      // Gone between listing and reading.
    }
  }
  return found
}
