import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { type Config, readConfig } from '../../config.ts'
import { Refusal } from '../../core/refusal.ts'
import { openLog } from '../../log.ts'
import { placeOf } from '../../postgres/data-place.ts'
import { reach } from '../../reach.ts'
import { database } from '../doctor/database.ts'
import { type Finding, lookAt, mend } from '../doctor/finding.ts'
import { dataFolder, keyFile, runtime, settingsShown, unknownSettings } from '../doctor/machine.ts'
import { mailServer, redis, webPort } from '../doctor/neighbours.ts'
import { ways } from '../doctor/ways.ts'
import { work } from '../doctor/work.ts'
import { type Tell, watched } from '../progress.ts'
import { teach } from '../teach.ts'
import { columns, count, EXIT, give, onOutput } from '../terminal.ts'

/** Looks at everything that can be wrong, and says how to mend each. It changes nothing. */
export function doctor(program: Command): void {
  teach(
    program
      .command('doctor')
      .description(
        'Check everything that can be wrong and say how to mend it. Exit code 1 when something must be mended.',
      )
      .option('--ask-channels', 'ask the mail servers and text accounts of businesses too; nothing is sent'),
    {
      examples: ['wedsync doctor', 'wedsync doctor --json | jq ".findings[] | select(.is == \\"mend\\")"'],
      next: 'mend what is marked ✗, look at what is marked !, and run it again.',
    },
  ).action(async (options: { json?: boolean; askChannels?: boolean }) => {
    const settings = settingsShown(process.env)
    const findings = await watched('Looking at everything', (tell) =>
      look(options.askChannels === true, tell),
    )
    const bad = findings.filter((one) => one.is === 'mend').length
    if (bad > 0) process.exitCode = EXIT.problems
    give(options.json, { well: bad === 0, findings, settings }, [
      onOutput.bold('Settings'),
      ...columns(settings.map((one) => [`  ${one.name}`, one.given ? one.value : onOutput.faint(one.value)])),
      onOutput.bold('Findings'),
      ...findings.flatMap(lines),
      bad === 0
        ? onOutput.green('Nothing has to be mended.')
        : onOutput.red(`${count(bad, 'thing')} to mend.`),
    ])
  })
}

const MARK = { well: onOutput.green('✓'), look: onOutput.ochre('!'), mend: onOutput.red('✗') } as const
const lines = (one: Finding): string[] => [
  `${MARK[one.is]} ${one.about}: ${one.says}`,
  ...(one.fix ? [`    ${one.fix}`] : []),
]

async function look(askChannels: boolean, tell: Tell): Promise<Finding[]> {
  const before = [...runtime(), ...unknownSettings(process.env)]
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [
      ...before,
      ...error.problems.map((one) => mend('settings', one.message, `Change ${one.path}, or take it away.`)),
    ]
  }
  const outside = await Promise.all([redis(config), mailServer(config)])
  return [
    ...before,
    ...dataFolder(config),
    ...keyFile(config),
    ...outside.flat(),
    ...(await inside(config, askChannels, tell)),
  ]
}

/** A database that cannot be reached is a finding like any other. */
async function inside(config: Config, askChannels: boolean, tell: Tell): Promise<Finding[]> {
  const log = openLog('silent')
  if (config.databaseUrl === null && !existsSync(path.join(placeOf(config.data), 'postgres')))
    return [
      lookAt('database', 'There is none yet.', 'wedsync start makes it.'),
      ...(await webPort(config, null)),
    ]
  try {
    const reached = await reach(config, log, { join: true })
    const base = await database(reached, config.logKeepDays).finally(() => reached.close())
    if (!base.ready || base.findings.some((one) => one.is === 'mend')) return base.findings
    const { openHouse } = await import('../../main.ts')
    const house = await openHouse(config, log, { join: true })
    try {
      return [
        ...base.findings,
        ...(await webPort(config, house.installation.installation_id)),
        ...(await work(house, tell)),
        ...(await ways(house, askChannels)),
      ]
    } finally {
      await house.close()
    }
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    if (error instanceof Refusal && error.details.about === 'reach')
      return unreached(String(error.details.cause), String(error.details.fix))
    if (error instanceof Refusal)
      return error.details.about === 'key'
        ? [mend('key', says, 'Stop everything that writes here until the right key is back in its place.')]
        : [mend('database', says, 'See above.')]
    return unreached(
      says,
      config.databaseUrl === null
        ? 'Look at postgres.log in the data folder.'
        : 'Look at the log of that server.',
    )
  }
}

const unreached = (cause: string, fix: string): Finding[] => [
  mend('database', `It cannot be reached: ${cause}`, fix),
  lookAt('work', 'Not looked at: the database comes first.'),
]
