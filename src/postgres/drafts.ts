import { randomUUID } from 'node:crypto'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

/**
 * What a start writes is written here first and renamed into its place once it is whole. All of it goes by one
 * name, so that the sweep of the next start misses nothing a kill left behind, a file with passwords least of all.
 */
const DRAFT = 'postgres.new-'

export const draftIn = (place: string): string => path.join(place, `${DRAFT}${randomUUID()}`)

/** An initdb whose program was killed may still be writing: moved away, its paths lead nowhere and it gives up. */
export function sweepDrafts(place: string): void {
  for (const name of readdirSync(place)) {
    if (!name.startsWith(DRAFT)) continue
    try {
      const away = draftIn(place)
      renameSync(path.join(place, name), away)
      rmSync(away, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    } catch {
      // Only space is lost; the next start tries again.
    }
  }
}
