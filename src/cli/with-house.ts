import { readConfig } from '../config.ts'
import { openLog } from '../log.ts'
import type { House } from '../main.ts'
import { guestBell } from './guest-bell.ts'
import { watched } from './progress.ts'
import { faint, say } from './terminal.ts'

/**
 * Opens the house for one command: as the guest of the program that runs on this data, or alone when none does.
 * A command that is interrupted closes it first, so that no database server is left behind.
 */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  const log = openLog(process.env.WEDSYNC_LOG ?? 'error')
  const bell = guestBell()
  const house = await watched('Opening the data', async () => {
    // Only now: whoever asks for help, or what a file says, need not wait until all of it is loaded.
    const { openHouse } = await import('../main.ts')
    return openHouse(config, log, { join: true, doorbell: bell.doorbell })
  })
  // Alone on the embedded data there is nobody to wake.
  if (house.joined || house.embedded === null) bell.connect(house.engine.db, log)
  const close = async (): Promise<void> => {
    await bell.close()
    await house.close()
  }
  for (const note of house.notes) say(faint(note))
  const listenNoMore = closeWhenTold(close)
  try {
    return await work(house)
  } finally {
    listenNoMore()
    await close()
  }
}

const INTERRUPTED = 130

function closeWhenTold(close: () => Promise<void>): () => void {
  const told = (): void => {
    say('Interrupted. What was finished is kept.')
    close().finally(() => process.exit(INTERRUPTED))
  }
  // The launcher asks by a signal; when it vanished, its channel closes.
  const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const
  for (const signal of signals) process.once(signal, told)
  process.once('disconnect', told)
  process.channel?.unref()
  return () => {
    for (const signal of signals) process.removeListener(signal, told)
    process.removeListener('disconnect', told)
  }
}
