import { createHmac } from 'node:crypto'
import type { Config } from './config.ts'
import { type MasterKey, masterKeyFromFile, masterKeyFromText, masterKeyIn } from './vault/master-key.ts'

/** The one key of an installation, and the secrets that follow from it: none of them is kept anywhere. */
export function keyThatIsThere(config: Config): MasterKey | null {
  if ('text' in config.key) return masterKeyFromText(config.key.text)
  return masterKeyIn(config.key.file, config.data)
}

/** Made once, where nothing is sealed yet. */
export function masterKey(config: Config, notes: string[]): MasterKey {
  if ('text' in config.key) return masterKeyFromText(config.key.text)
  const { key, isNew } = masterKeyFromFile(config.key.file, config.data)
  if (isNew)
    notes.push(
      `A master key was made: ${config.key.file}. Keep a copy apart from the data: without it the sealed names, addresses and texts cannot be read, and a backup cannot be restored.`,
    )
  return key
}

/** From which the secret of each vendor's webhooks is derived. */
export const webhookSecret = (key: MasterKey): Buffer => derived(key, 'webhooks')

/** Signs the addresses under which people say what they want to hear. */
export const linkSecret = (key: MasterKey): Buffer => derived(key, 'preferences')

/** Signs the addresses to which letters come back. */
export const returnSecret = (key: MasterKey): Buffer => derived(key, 'returned mail')

export const derived = (key: MasterKey, purpose: string): Buffer =>
  createHmac('sha256', key.key).update(purpose).digest()
