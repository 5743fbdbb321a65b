import pg from 'pg'
import type { Log } from '../ports.ts'
import type { Target } from './client.ts'
import { keepSideLine } from './side-line.ts'

export type Listening = { close(): Promise<void> }

/**
 * Hears notifications on these channels. They are hints (I4): while the line is down they are lost, so
 * `onGap` is called after each connect, the first one included, and the hearer looks for itself.
 */
export function listen(
  target: Target,
  channels: readonly string[],
  log: Log,
  onHint: (channel: string, payload: string) => void,
  onGap: () => void,
): Listening {
  return keepSideLine(target, 'wedsync listen', log, async (client) => {
    client.on('notification', ({ channel, payload }) => onHint(channel, payload ?? ''))
    await client.query(channels.map((channel) => `listen ${pg.escapeIdentifier(channel)}`).join('; '))
    onGap()
  })
}
