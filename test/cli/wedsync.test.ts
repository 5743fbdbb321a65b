import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../../src/cli/version.ts'
import type { JsonObject } from '../../src/core/ids.ts'
import type { Problem } from '../../src/core/problem.ts'
import { quarterOf } from '../../src/core/time/quarter.ts'
import { saveDraftIn } from '../../src/engine/drafts.ts'
import { openSession } from '../../src/postgres/client.ts'
import { type Serving, serve } from '../../src/serve.ts'
import { designedNamed } from '../../src/store/journey-drafts.ts'
import { allVendors } from '../../src/store/journeys.ts'
import { keepPartitions } from '../../src/store/partitions.ts'
import { headcount, type Place, place, silent } from './place.ts'

/** The command line as a person meets it: one process for each command, on real data, beside a running program. */
let here: Place
let file: (name: string, text: string) => string
beforeAll(async () => {
  here = place()
  file = (name, text) => {
    const at = path.join(here.folder, name)
    writeFileSync(at, text)
    return at
  }
  expect(
    (
      await here.wedsync(
        'vendor',
        'add',
        'Lumen',
        '--type',
        'photographer',
        '--zone',
        'Europe/London',
        '--region',
        'GB',
        '--json',
      )
    ).code,
  ).toBe(0)
}, 60_000)
afterAll(() => here.remove())

test('the version it says is the one that is published', () => {
  const { version } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
  ) as { version: string }
  expect(VERSION).toBe(version)
})

test('help teaches: a sentence, examples, what to do next', async () => {
  const overview = await here.wedsync('--help')
  expect(overview.code).toBe(0)
  for (const name of [
    'start',
    'worker',
    'migrate',
    'doctor',
    'journey',
    'run',
    'dead-letters',
    'couples',
    'backup',
    'restore',
  ])
    expect(overview.out).toContain(`  ${name}`)
  const words = [
    ['couples', 'import'],
    ['journey', 'forecast'],
    ['run', 'snooze'],
    ['backup', 'create'],
    ['restore'],
    ['doctor'],
  ]
  const all = await Promise.all(words.map((one) => here.wedsync(...one, '--help')))
  for (const { out, code } of all)
    expect([code, out.includes('Examples:'), out.includes('Next:'), out.includes('--json')]).toEqual([
      0,
      true,
      true,
      true,
    ])
}, 60_000)

test('what nobody understands is usage, what is missing is named, and nothing goes to standard output', async () => {
  const unknown = await here.wedsync('jorney')
  expect([unknown.code, unknown.out]).toEqual([64, ''])
  expect(unknown.err).toContain('Did you mean journey?')
  const forPrograms = await here.wedsync('jorney', '--json')
  expect([forPrograms.code, forPrograms.json()]).toEqual([
    64,
    { error: { code: 'usage', message: "unknown command 'jorney' (Did you mean journey?)", problems: [] } },
  ])
  const missing = await here.wedsync('vendor', 'add', 'X')
  expect([missing.code, missing.err.includes('--type')]).toEqual([64, true])
})

test('a business that cannot be one is refused in words, and nobody is added', async () => {
  const before = (await here.wedsync('vendor', 'list', '--json')).json()
  const add = async (name: string, more: { type?: string; zone?: string; region?: string }) => {
    const { type = 'photographer', zone = 'Europe/London', region = 'GB' } = more
    const told = await here.wedsync('vendor', 'add', name, '--type', type, '--zone', zone, '--region', region)
    return [told.code, told.err.trim()]
  }
  expect(await add('', {})).toEqual([65, 'A business has a name, of at most 200 characters.'])
  expect(await add('Lumen', { type: 'Photo man' })).toEqual([
    65,
    '"Photo man" is no kind of business: one word in small letters, such as photographer, venue or florist.',
  ])
  expect(await add('Lumen', { zone: 'Europe/Londonn' })).toEqual([
    65,
    'There is no zone "Europe/Londonn". Name one such as Europe/Rome.',
  ])
  expect(await add('Lumen', { region: 'Germany' })).toEqual([
    65,
    'There is no country "Germany". Name one such as IT or GB-SCT.',
  ])
  expect((await here.wedsync('vendor', 'list', '--json')).json()).toEqual(before)
}, 60_000)

describe('journeys as files', () => {
  test('every problem of every file is told with its line and column, and the exit code says so', async () => {
    const bad = {
      ...headcount,
      nodes: headcount.nodes.map((node) => (node.id === 'ask' ? { ...node, type: 'emali' } : node)),
      edges: [...headcount.edges, { from: 'ask', to: 'nowhere' }],
    }
    const wrong = file('wrong.json', JSON.stringify(bad, null, 2))
    const broken = file('broken.json', '{\n  "format": 1,\n  "name" "x"\n}')
    const said = await here.wedsync('journey', 'check', wrong, broken)
    expect(said.code).toBe(1)
    expect(said.out).toMatch(/wrong\.json:\d+:\d+: error: \[ask\]/)
    expect(said.out).toContain('broken.json:3:10: error:')
    expect(said.out + said.err).not.toContain('\u001b')
    const told = (await here.wedsync('journey', 'check', wrong, broken, '--json')).json<
      { file: string; problems: Problem[] }[]
    >()
    expect(
      told.map((one) => one.problems.filter((problem) => problem.severity === 'error').length > 0),
    ).toEqual([true, true])
    const line = Number(
      /wrong\.json:(\d+)/.exec(told[0]!.problems.find((one) => one.message.includes('emali'))!.path)![1],
    )
    expect(
      JSON.stringify(bad, null, 2)
        .split('\n')
        .slice(line - 1, line + 3)
        .join(),
    ).toContain('emali')
  })

  test('one that is missing or cannot be loaded is told among the others, which are judged all the same', async () => {
    const good = file('good.json', JSON.stringify(headcount))
    const torn = file('torn.ts', 'export default {')
    const gone = ['gone.json', 'gone.ts'].map((name) => path.join(here.folder, name))
    const said = await here.wedsync('journey', 'check', good, ...gone, torn, '--json')
    const told = said.json<{ file: string; name: string | null; problems: Problem[] }[]>()
    expect(said.code).toBe(1)
    expect(
      told.map(({ file: name, problems }) => [path.basename(name), problems.map((one) => one.code)]),
    ).toEqual([
      ['good.json', told[0]!.problems.map((one) => one.code)],
      ['gone.json', ['not_found']],
      ['gone.ts', ['not_found']],
      ['torn.ts', ['invalid']],
    ])
    expect(told[0]).toMatchObject({ name: headcount.name })
    expect(said.err).toContain('4 files: 3 errors')
  })

  // `script` gives a program a terminal of its own, as a person has one.
  test.runIf(spawnSync('script', ['--version']).status === 0)(
    'on a terminal they are coloured',
    () => {
      const main = path.join(import.meta.dirname, '../../src/cli/main.ts')
      const words = [process.execPath, '--disable-warning=ExperimentalWarning', main, 'journey', 'check']
      const command = [...words, file('empty.json', '{}')].map((one) => `'${one}'`).join(' ')
      const seen = spawnSync('script', ['-qec', command, '/dev/null'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env.PATH, TERM: 'xterm' },
      })
      expect(seen.stdout).toContain('\u001b[31m')
    },
    60_000,
  )

  test('a journey with errors is not published, and nothing is changed', async () => {
    const said = await here.wedsync('journey', 'publish', path.join(here.folder, 'wrong.json'), '--json')
    expect(said.code).toBe(65)
    expect(said.json<{ error: { code: string; problems: Problem[] } }>().error).toMatchObject({
      code: 'journey_invalid',
    })
    expect((await here.wedsync('journey', 'list', '--json')).json()).toEqual([])
  })

  test('it is looked ahead and simulated without any database', async () => {
    const sound = file('headcount.json', JSON.stringify(headcount))
    const ahead = await here.wedsync(
      'journey',
      'forecast',
      sound,
      '--wedding',
      '2027-06-12',
      '--zone',
      'Europe/Rome',
      '--booked',
      '2026-10-01',
      '--json',
    )
    const { steps } = ahead.json<{ steps: { node: string; what: string; at: string }[] }>()
    expect(steps.filter((one) => one.what === 'send').map((one) => [one.node, one.at])).toEqual([
      ['hello', '2026-10-01T08:00:00.000Z'],
      ['ask', '2027-06-02T07:00:00.000Z'],
    ])
    const book = await here.wedsync(
      'journey',
      'simulate',
      sound,
      '--couples',
      '50',
      '--from',
      '2026-10-01',
      '--json',
    )
    expect(book.json<{ couples: number; runs: number }>()).toMatchObject({ couples: 50, runs: 50 })
    const why = await here.wedsync(
      'journey',
      'explain',
      sound,
      '--wedding',
      '2027-06-12',
      '--booked',
      '2026-10-01',
    )
    expect(why.out).toContain(
      'Both partners get "How many?" on Wed 2 June 2027 09:00 London. (journey:/nodes/3)',
    )
  }, 60_000)
})

describe('beside the running program', () => {
  let serving: Serving
  beforeAll(async () => {
    serving = await serve({ ...here.config, port: 0 }, silent)
  }, 60_000)
  afterAll(() => serving.drain())

  test('a couple comes in by an event, the worker writes to it, and why is told', async () => {
    expect(
      (await here.wedsync('journey', 'publish', path.join(here.folder, 'headcount.json'), '--json')).code,
    ).toBe(0)
    const told = (
      await here.wedsync(
        'event',
        'inquiry_received',
        '--partner',
        'Anna Ashworth',
        'Ben Birch',
        '--email',
        'anna@example.org',
        '--wedding',
        '2030-06-12',
        '--zone',
        'Europe/London',
        '--json',
      )
    ).json<{ started: { journey: string; run: string }[] }>()
    expect(told.started.map((one) => one.journey)).toEqual(['headcount'])
    await expect
      .poll(
        async () =>
          (await here.wedsync('run', 'list', '--client', 'anna@example.org', '--json')).json<
            { at: string }[]
          >()[0]?.at,
        { timeout: 20_000, interval: 200 },
      )
      .toBe('wait (waits until 2030-06-02T08:00:00.000Z)')
    const [explained] = (await here.wedsync('journey', 'explain', '--client', 'Ashworth', '--json')).json<
      { names: string; steps: { node: string; is: string }[] }[]
    >()
    expect(explained?.names).toBe('Anna Ashworth & Ben Birch')
    expect(explained?.steps.map((one) => [one.node, one.is])).toContainEqual(['hello', 'sent'])
  }, 60_000)

  test('journeys that are here are judged, simulated and explained like files: what is live, and what is drafted', async () => {
    const { engine } = serving.house
    const [vendor] = (await allVendors(engine.db)).map((row) => row.vendor_id)
    const longer = {
      ...headcount,
      nodes: [...headcount.nodes, { id: 'seat', kind: 'action', do: { task: { title: 'Seat them' } } }],
      edges: [...headcount.edges, { from: 'ask', to: 'seat' }],
    }
    await engine.db.tx('test.draft', { vendors: [vendor!] }, async (sql) => {
      const [row] = await designedNamed(sql, vendor!, 'headcount')
      const draft = { basedOn: 1, by: 'test', at: null, document: longer as unknown as JsonObject }
      await saveDraftIn(engine, sql, vendor!, row!, draft)
    })
    const judged = await here.wedsync('journey', 'check', 'Headcount', 'headcount@draft', '--json')
    expect([judged.code, judged.json<{ of: string; nodes: number }[]>()]).toMatchObject([
      0,
      [
        { of: 'live', nodes: 4 },
        { of: 'draft', nodes: 5 },
      ],
    ])
    const book = await here.wedsync('journey', 'simulate', 'headcount', '--couples', '10', '--json')
    expect(book.json<{ runs: number }>().runs).toBe(10)
    type Told = { run: string | null; status: string; steps: { node: string; sentence: string }[] }[]
    const explain = (journey: string) =>
      here.wedsync('journey', 'explain', journey, '--client', 'anna@example.org', '--json')
    const [onTheirWay] = (await explain('headcount')).json<Told>()
    expect([onTheirWay?.run === null, onTheirWay?.status]).toEqual([false, 'waiting'])
    const [asIf] = (await explain('headcount@draft')).json<Told>()
    expect([asIf?.run, asIf?.status]).toEqual([null, 'as if they began now'])
    expect(asIf?.steps.find((one) => one.node === 'seat')?.sentence).toBe(
      'They come to "Seat them" on Sun 2 June 2030 09:00 London.',
    )
  }, 60_000)

  test('bad rows keep a whole book out, with every bad cell named; good ones come in when asked to', async () => {
    const book = file(
      'book.csv',
      'Name,E-mail,Wedding date\nZoe,zoe@example.org,2030-07-06\nBad,nowhere,06/07/2030\nAnna,anna@example.org,2030-06-12\n',
    )
    const refused = await here.wedsync('couples', 'import', book)
    expect([refused.code, refused.out]).toEqual([65, ''])
    expect(refused.err).toContain('book.csv:3:5: "nowhere" is not an email address.')
    expect(refused.err).toContain('book.csv:3:13: "06/07/2030" may be two days.')
    expect((await here.wedsync('couples', 'export')).out).not.toContain('Zoe')
    // What no row can help is not to be left out by rows.
    const nameless = await here.wedsync(
      'couples',
      'import',
      file('nameless.csv', 'a,b\n1,2\n'),
      '--valid-rows',
    )
    expect([nameless.code, nameless.err.includes('--valid-rows')]).toEqual([65, false])
    const dry = (await here.wedsync('couples', 'import', book, '--valid-rows', '--dry-run', '--json')).json<{
      imported: number
      duplicates: unknown[]
    }>()
    expect([dry.imported, dry.duplicates.length]).toEqual([0, 1])
    const some = await here.wedsync('couples', 'import', book, '--valid-rows', '--json')
    expect([some.code, some.json<{ imported: number }>().imported]).toEqual([1, 1])
    expect((await here.wedsync('couples', 'export')).out).toContain('zoe@example.org')
  }, 60_000)

  test('a run is paused, resumed and taken back; vague commands are refused', async () => {
    expect((await here.wedsync('run', 'pause')).code).toBe(65)
    for (const words of [
      ['run', 'pause', 'booked'],
      ['dead-letters', 'show', 'booked'],
    ]) {
      const said = await here.wedsync(...words)
      expect([said.code, said.err]).toEqual([65, expect.stringMatching(/^"booked" is not an id\.[^\n]*\n$/)])
    }
    const paused = (await here.wedsync('run', 'pause', '--client', 'anna@example.org', '--json')).json<{
      job: string
      done: number
    }>()
    expect(paused.done).toBe(1)
    expect((await here.wedsync('run', 'undo', paused.job, '--json')).json<{ done: number }>().done).toBe(1)
    expect((await here.wedsync('run', 'list', '--status', 'paused', '--json')).json()).toEqual([])
    const again = await here.wedsync('run', 'resume', '--client', 'anna@example.org', '--status', 'waiting')
    expect([again.code, again.err.includes('The run is not paused.')]).toEqual([1, true])
  }, 60_000)

  test('the record is compared with its seals, and with those that a log elsewhere tells of', async () => {
    const [vendor] = (await here.wedsync('vendor', 'list', '--json')).json<{ vendor: string }[]>()
    const line = { level: 30, msg: 'sealed', anchors: [{ vendor: vendor!.vendor, place: 1, hash: '00' }] }
    const log = file('elsewhere.log', `not JSON\n${JSON.stringify(line)}\n`)
    const nowhere = await here.wedsync('audit', 'verify', '--anchors', `${log}.gone`)
    expect([nowhere.code, nowhere.err.includes('elsewhere.log.gone cannot be read')]).toEqual([73, true])
    const told = await here.wedsync('audit', 'verify', '--anchors', log, '--json')
    expect(told.code).toBe(1)
    expect(told.json()).toMatchObject([
      { found: 1, anchored: 1, alterations: [{ is: 'anchor_broken', place: 1, id: null }] },
    ])
  }, 60_000)

  test('a wedding is moved after a look at what that means', async () => {
    const look = (
      await here.wedsync(
        'wedding',
        'move',
        '--client',
        'anna@example.org',
        '--to',
        '2030-07-03',
        '--preview',
        '--json',
      )
    ).json<{ couples: { steps: object[] }[] }>()
    expect(look.couples[0]?.steps).toMatchObject([
      { is: 'moves', node: 'wait', from: '2030-06-02T08:00:00.000Z', to: '2030-06-23T08:00:00.000Z' },
    ])
    expect(
      (
        await here.wedsync('wedding', 'move', '--client', 'anna@example.org', '--to', '2030-07-03', '--json')
      ).json<{ done: number }>().done,
    ).toBe(1)
    const bad = await here.wedsync(
      'wedding',
      'move',
      '--csv',
      file('moves.csv', 'client,date\nnobody@example.org,2030-01-01\nanna@example.org,soon\n'),
    )
    expect(bad.code).toBe(65)
    expect(bad.err).toContain('moves.csv:2:1: No couple is known here as "nobody@example.org".')
    expect(bad.err).toContain('moves.csv:3:18: "soon" is not a date')
  }, 60_000)

  test('a backup is made while it runs, and doctor knows of it', async () => {
    const before = (await here.wedsync('doctor', '--json')).json<{
      well: boolean
      findings: { about: string; is: string }[]
    }>()
    expect(before.findings.filter((one) => one.is === 'mend').map((one) => one.about)).toEqual(['backup'])
    const at = path.join(here.folder, 'now.wedbak')
    expect(
      (await here.wedsync('backup', 'create', at, '--json')).json<{ verified: boolean }>().verified,
    ).toBe(true)
    expect((await here.wedsync('backup', 'create', at)).code).toBe(73)
    const nowhere = path.join(here.folder, 'nowhere', 'now.wedbak')
    const unwritten = await here.wedsync('backup', 'create', nowhere)
    expect([unwritten.code, unwritten.err]).toEqual([
      73,
      expect.stringMatching(/^.*now\.wedbak cannot be written, and nothing is left of it: ENOENT[^\n]*\n$/),
    ])
    expect((await here.wedsync('backup', 'verify', at, '--json')).code).toBe(0)
    const after = await here.wedsync('doctor', '--json')
    expect([after.code, after.json<{ well: boolean }>().well]).toEqual([0, true])
  }, 60_000)

  test('doctor tells when a quarter of a log is missing, until the keeper has made it again', async () => {
    type Told = { findings: { about: string; is: string; says: string }[] }
    const logs = async () =>
      (await here.wedsync('doctor', '--json')).json<Told>().findings.filter((one) => one.about === 'logs')
    expect((await logs()).map((one) => one.is)).toEqual(['well'])
    const session = await openSession(serving.house.target('wed_migrate'))
    const now = serving.house.engine.clock.now()
    const quarter = `run_log_${quarterOf(now).name}`
    const gone = `set role wed_owner; drop table app.${quarter}`
    await session.exec(gone)
    const [missing] = await logs()
    expect([missing?.is, missing?.says.includes(quarter)]).toEqual(['mend', true])
    await session.exec('reset role')
    // What the program does at its start and four times a day, done by hand.
    await keepPartitions(session, now, here.config.logKeepDays)
    await session.close()
    expect((await logs()).map((one) => one.is)).toEqual(['well'])
  }, 60_000)

  test('a second start on the same data is refused, and says who holds it', async () => {
    const second = await here.wedsync('start')
    expect([second.code, second.err.includes(`in use by process ${process.pid}`)]).toEqual([69, true])
  })
})

test('settings that are wrong are all named, and secrets are blotted out', async () => {
  const main = path.join(import.meta.dirname, '../../src/cli/main.ts')
  const said = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, 'doctor', '--json'],
    {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        PORT: '99999',
        WEDSYNC_ROLE: 'boss',
        WEDSYNC_KEY: 'c2VjcmV0',
        DATABASE_URL: 'postgres://me:hush@db/x',
        WEDSYNC_TYPO: '1',
      },
    },
  )
  const told = JSON.parse(said.stdout) as { findings: { about: string; says: string }[] }
  expect(said.status).toBe(1)
  expect(said.stdout).not.toMatch(/hush|c2VjcmV0/)
  expect(
    told.findings
      .filter((one) => one.about === 'settings')
      .map((one) => one.says.split(':')[0]?.split(' ')[0]),
  ).toEqual(['WEDSYNC_TYPO', 'PORT', 'WEDSYNC_ROLE'])
})

test('a database that is not there is told with what to look at, by every command alike', async () => {
  const main = path.join(import.meta.dirname, '../../src/cli/main.ts')
  const asked = (...args: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/x' },
    })
  const said = asked('run', 'list', '--json')
  const { error } = JSON.parse(said.stdout) as { error: { code: string; message: string } }
  expect([said.status, error.code, error.message]).toEqual([
    69,
    'setup',
    expect.stringMatching(
      /^The database at DATABASE_URL cannot be reached: .*ECONNREFUSED.*Check DATABASE_URL/,
    ),
  ])
  expect(said.stdout + said.stderr).not.toMatch(/hush|\n {4}at /)
  const doctor = JSON.parse(asked('doctor', '--json').stdout) as {
    findings: { about: string; fix?: string }[]
  }
  expect(doctor.findings.find((one) => one.about === 'database')).toMatchObject({
    is: 'mend',
    fix: expect.stringContaining('Check DATABASE_URL'),
  })
})
