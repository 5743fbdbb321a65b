import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Config, SETTINGS_KNOWN } from '../../config.ts'
import { ZONE_DATA_BASE, zoneDataState } from '../../core/time/zone-probes.ts'
import { size } from '../terminal.ts'
import { type Finding, lookAt, mend, well } from './finding.ts'

/** What can be judged without a database: the settings, the runtime, the disk and the key. */
const NODE_MIN = 26
const FREE_MIN_BYTES = 200_000_000
const FREE_LOW_BYTES = 2_000_000_000
const SECRET = /KEY|PASSWORD|SECRET/

export type SettingShown = {
  readonly name: string
  readonly value: string
  readonly given: boolean
  readonly meaning: string
}

/** Every setting with its value; secrets and passwords inside addresses are blotted out. */
export function settingsShown(env: { readonly [name: string]: string | undefined }): SettingShown[] {
  return SETTINGS_KNOWN.map(({ name, meaning, fallback }) => {
    const given = env[name]
    const isGiven = given !== undefined && given !== ''
    return { name, given: isGiven, meaning, value: isGiven ? blotted(name, given) : `(${fallback})` }
  })
}

function blotted(name: string, value: string): string {
  if (SECRET.test(name)) return '…'
  return value
    .replace(/^([a-z+]+:\/\/[^:/@]*):[^@]*@/i, '$1:…@')
    .replace(/([?&](?:password|token|key)=)[^&]*/gi, '$1…')
}

export function unknownSettings(env: { readonly [name: string]: string | undefined }): Finding[] {
  const known = new Set(SETTINGS_KNOWN.map((one) => one.name).concat('WEDSYNC_NODE'))
  return Object.keys(env)
    .filter((name) => name.startsWith('WEDSYNC_') && !name.startsWith('WEDSYNC_TEST_') && !known.has(name))
    .map((name) =>
      lookAt(
        'settings',
        `${name} is no setting of this version; it does nothing.`,
        'Look at the list of settings for its right name.',
      ),
    )
}

export function runtime(): Finding[] {
  const major = Number(process.versions.node.split('.')[0])
  const node =
    major >= NODE_MIN
      ? well('node', `Node ${process.versions.node}.`)
      : mend(
          'node',
          `Node ${process.versions.node} is too old.`,
          `Run "npm install", and start with "npx wedsync": Node ${NODE_MIN} comes with it.`,
        )
  const { stale, behind } = zoneDataState()
  const version = process.versions.tz ?? 'unknown'
  const wrong = stale.map((one) => one.zone).join(', ')
  if (stale.length > 0)
    return [
      node,
      mend(
        'zones',
        `Zone data ${version} are wrong for ${wrong}: weddings there would be an hour off.`,
        `Update the runtime: ${ZONE_DATA_BASE} or newer is needed.`,
      ),
    ]
  const late = behind.length > 0 ? ` Decided since: ${behind.map((one) => one.zone).join(', ')}.` : ''
  return [
    node,
    behind.length > 0
      ? lookAt(
          'zones',
          `Zone data ${version} know everything up to ${ZONE_DATA_BASE}.${late}`,
          'Update the runtime when a newer one is there; until then weddings in these zones may be an hour off.',
        )
      : well('zones', `Zone data ${version} are fresh.`),
  ]
}

export function dataFolder(config: Config): Finding[] {
  if (config.databaseUrl !== null) return []
  const there = existsSync(config.data) ? config.data : path.dirname(config.data)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
  } catch (error) {
    return [
      mend(
        'data',
        `${there} cannot be written: ${(error as Error).message}`,
        'Give this user the right to write there, or name another folder with WEDSYNC_DATA.',
      ),
    ]
  }
  const disk = statfsSync(there)
  const free = disk.bavail * disk.bsize
  const says = `${config.data}, ${size(free)} free.`
  if (free < FREE_MIN_BYTES) return [mend('data', says, 'Make room: a full disk stops the database.')]
  return [free < FREE_LOW_BYTES ? lookAt('data', says, 'Make room soon.') : well('data', says)]
}

export function keyFile(config: Config): Finding[] {
  if ('text' in config.key) return [well('key', 'Given by WEDSYNC_KEY.')]
  const { file } = config.key
  const there = statSync(file, { throwIfNoEntry: false })
  // Whether one is missed, only the database can say: it is asked when it is reached.
  if (!there)
    return [
      lookAt(
        'key',
        `${file} is not there; a first start makes it.`,
        'If there is data already, put the key file back: without it nothing sealed can be read.',
      ),
    ]
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0)
    return [mend('key', `Others may read ${file}.`, `chmod 600 ${file}`)]
  if (!path.relative(config.data, file).startsWith('..'))
    return [
      mend(
        'key',
        `${file} lies inside the data folder.`,
        'Move it out: whoever has the data must not have the key with it.',
      ),
    ]
  return [well('key', `${file}, readable by its owner only. Keep a copy apart from data and backups.`)]
}
