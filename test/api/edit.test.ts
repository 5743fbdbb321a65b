import { afterAll, beforeAll, expect, test } from 'vitest'
import { undoJob } from '../../src/contract/jobs.ts'
import {
  editMessage,
  editMessages,
  listMessages,
  previewEdit,
  previewMessage,
  readMessage,
} from '../../src/contract/messages.ts'
import { countRuns, undoCommand } from '../../src/contract/runs.ts'
import { answerApproval, listApprovals } from '../../src/contract/work.ts'
import { email, openStudio, refusal, type Studio, waiting } from './studio.ts'

/** "Edit this message once": other words for one couple, and for nobody else. */
let studio: Studio
let journey: string
beforeAll(async () => {
  studio = await openStudio()
  journey = await studio.live({
    ...waiting(0),
    name: 'Read first',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      email('rain', { name: 'If it rains', approval: { timeout: { after: { days: 2 } } } }),
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'rain' },
      { from: 'rain', to: 'done' },
    ],
  })
}, 60_000)
afterAll(() => studio.close())

async function asked(name: string): Promise<{ run: string; client: string }> {
  const { client } = await studio.couple(name)
  const run = await studio.start(client, journey)
  await studio.settle()
  return { run, client }
}
const edit = (run: string, words: Record<string, string>, node = 'rain') =>
  studio.api(editMessage, { params: { ...studio.params, run, node }, body: { words } })
const preview = async (run: string) =>
  (await studio.api(previewMessage, { params: { ...studio.params, run, node: 'rain' } })).data
async function sentTo(client: string) {
  const { items } = (await studio.api(listMessages, { params: studio.params, query: { client } })).data
  const { data } = await studio.api(readMessage, { params: { ...studio.params, message: items[0]!.id } })
  return data.content as { subject: string; text: string }
}
async function approve(run: string): Promise<void> {
  const { items } = (await studio.api(listApprovals, { params: studio.params })).data
  const { name } = items.find((one) => one.run === run)!
  await studio.api(answerApproval, { params: { ...studio.params, run }, body: { name, answer: 'approved' } })
  await studio.settle()
}

test('what was changed is what is shown before the yes and what leaves after it, for this couple alone', async () => {
  const mia = await asked('Mia')
  const ana = await asked('Ana')
  await edit(mia.run, {
    subject: 'Rain, and a barn',
    body: 'Dear {{ client.partner_a.first_name | default: "you" }}',
  })
  expect(await preview(mia.run)).toMatchObject({ edited: true, content: { subject: 'Rain, and a barn' } })
  expect(await preview(ana.run)).toMatchObject({ edited: false, content: { subject: 'About rain' } })
  await approve(mia.run)
  await approve(ana.run)
  expect(await sentTo(mia.client)).toMatchObject({
    subject: 'Rain, and a barn',
    text: expect.stringContaining('Dear Mia'),
  })
  expect(await sentTo(ana.client)).toMatchObject({ subject: 'About rain' })
  expect((await refusal(edit(mia.run, { subject: 'Too late' }))).code).toBe('command_impossible')
})

test('other words are read as each couple would get them before anything is changed', async () => {
  const [mia, ana] = [await asked('Mia Before'), await asked('Ana Before')]
  const said = (run: string, words: Record<string, string>) =>
    studio.api(previewEdit, { params: { ...studio.params, run, node: 'rain' }, body: { words } })
  const body = 'Dear {{ client.partner_a.first_name | default: "you" }}'
  for (const [run, name] of [
    [mia.run, 'Mia'],
    [ana.run, 'Ana'],
  ] as const) {
    const { data } = await said(run, { subject: 'Rain, and a barn', body })
    expect(data.content).toMatchObject({
      subject: 'Rain, and a barn',
      text: expect.stringContaining(`Dear ${name}`),
    })
    expect(await preview(run)).toMatchObject({ edited: false, content: { subject: 'About rain' } })
  }
  expect((await refusal(said(mia.run, { subject: '' }))).code).toBe('invalid')
})

test('an edit is taken back to the words before it', async () => {
  const { run } = await asked('Back')
  await edit(run, { subject: 'First' })
  const { data } = await edit(run, { subject: 'Second' })
  expect((await preview(run)).content).toMatchObject({ subject: 'Second' })
  await studio.api(undoCommand, { params: { ...studio.params, run, command: data.command } })
  expect((await preview(run)).content).toMatchObject({ subject: 'First' })
})

test('many get the same words at once; whoever cannot says why, and all of it is taken back', async () => {
  const [eva, ida, gone] = [await asked('Eva'), await asked('Ida'), await asked('Gone')]
  await approve(gone.run)
  const runs = [eva.run, ida.run, gone.run]
  const many = (words: Record<string, string>) =>
    studio.api(editMessages, { params: studio.params, body: { which: { runs }, node: 'rain', words } })
  expect((await refusal(many({ subject: '' }))).code).toBe('invalid')
  const { data } = await many({ subject: 'Rain for everybody' })
  const told = await studio.finished(data.job)
  expect(told).toMatchObject({
    done: 2,
    refused: 1,
    results: [{ is: 'done' }, { is: 'done' }, { of: gone.run }],
  })
  expect((await preview(eva.run)).content).toMatchObject({ subject: 'Rain for everybody' })
  const kept = await studio.office.admin.query('select request from app.job where job_id = $1', [data.job])
  expect(JSON.stringify(kept)).not.toContain('Rain for everybody')
  const undo = (await studio.api(undoJob, { params: { ...studio.params, job: data.job } })).data
  expect(await studio.finished(undo.job)).toMatchObject({ done: 2, refused: 0 })
  expect((await preview(ida.run)).edited).toBe(false)
})

test('of some couples only those on this journey are meant', async () => {
  const [lea, nora] = [await asked('Lea'), await studio.couple('Nora')]
  await studio.start(nora.client, await studio.live(waiting(9, { name: 'Another' })))
  const which = { clients: [lea.client, nora.client], journey }
  expect((await studio.api(countRuns, { params: studio.params, body: { which } })).data.total).toBe(1)
  const { data } = await studio.api(editMessages, {
    params: studio.params,
    body: { which, node: 'rain', words: { subject: 'Only for Lea' } },
  })
  expect(await studio.finished(data.job)).toMatchObject({ done: 1, refused: 0 })
  expect((await preview(lea.run)).content).toMatchObject({ subject: 'Only for Lea' })
})

test('words are held to the rules of the step', async () => {
  const { run } = await asked('Rules')
  expect((await refusal(edit(run, { subject: '' }))).code).toBe('invalid')
  expect((await refusal(edit(run, { body: '{{ client.partner_a.first_name' }))).code).toBe('invalid')
  expect((await refusal(edit(run, { text: 'A letter has none' }))).code).toBe('invalid')
  expect((await refusal(edit(run, { subject: 'x' }, 'begin'))).code).toBe('not_found')
  expect((await preview(run)).edited).toBe(false)
})
