import { expect, test } from 'vitest'
import { house } from '../../sim/house.ts'
import type { RunId } from '../core/ids.ts'
import { instantFrom } from '../core/time/instant.ts'
import { receive } from './receive.ts'
import { explainRuns } from './timeline.ts'
import { setAside } from './trouble.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

test('a run that was set aside says that it failed and when it is tried again, and goes on as if nothing had been', async () => {
  const w = await house({ now: '2027-05-01T12:00:00Z' })
  await w.publish('mail', {
    format: 1,
    name: 'Mail',
    category: 'planning',
    reentry: 'never',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'contract_signed' },
      { id: 'pause', kind: 'delay', wait: { after: { days: 1 } } },
      {
        id: 'mail',
        kind: 'module',
        type: 'email',
        version: 1,
        name: 'Welcome',
        config: { subject: 'Hello', body: 'Hello' },
        class: 'transactional',
      },
    ],
    edges: [
      { from: 'begin', to: 'pause' },
      { from: 'pause', to: 'mail' },
    ],
  })
  const { client } = await w.couple({})
  await receive(w.engine, w.vendor, { source: 'test', key: 'k', type: 'contract_signed', client, data: {} })
  await w.settle()
  const [row] = await w.session.query<{ run_id: RunId }>('select run_id from app.run')
  const ref = { vendor: w.vendor, run: row!.run_id }
  const explained = async () => {
    const [told] = await w.engine.db.tx('test.explain', { vendors: [w.vendor] }, (sql) =>
      explainRuns(w.engine, sql, w.clock.now(), w.vendor, [ref.run], {}),
    )
    return told!.steps.map((one) => `${one.node} ${one.is}: ${one.sentence}`)
  }
  w.clock.jump(instantFrom('2027-05-02T12:00:00Z'))
  await setAside({ ...w.engine, log: quiet }, { ref }, new Error('the template is gone'))
  expect(await explained()).toContain(
    'pause failed: The journey could not go on here: something failed inside (Error: the template is gone). It is tried again on Sun 2 May 13:01 London; nothing of it is lost.',
  )
  w.clock.jump(instantFrom('2027-05-02T12:01:00Z'))
  await w.settle()
  expect((await explained()).at(-1)).toMatch(/^mail sent: /)
})
