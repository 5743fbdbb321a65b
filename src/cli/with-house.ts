import { readConfig } from '../config.ts'
import { openLog } from '../log.ts'
import { type House, openHouse } from '../main.ts'
import { faint, say } from './terminal.ts'

/**
 * Opens the house for one command: as the guest of the program that runs on this data, or alone when none does.
 * A command that is interrupted closes it first, so that no database server is left behind.
 */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  const log = openLog(process.env.WEDSYNC_LOG ?? 'error')
  const house = await openHouse(config, log, { join: true })
  for (const note of house.notes) say(faint(note))
  const stop = closeWhenTold(house)
  try {
    return await work(house)
  } finally {
    stop()
    await house.close()
  }
}

const INTERRUPTED = 130

function closeWhenTold(house: House): () => void {
  const told = (): void => {
    say('Interrupted. What was finished is kept.')
    house.close().finally(() => process.exit(INTERRUPTED))
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
