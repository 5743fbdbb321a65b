import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { silent } from '../../test/embedded/servers.ts'
import { NotKnownHere } from '../core/journey/graph.ts'
import { presentError } from './problem.ts'

async function told(error: Error) {
  const front = new Hono()
  front.get('/', () => {
    throw error
  })
  front.onError((one, c) => presentError(one, c, silent))
  const answer = await front.request('/')
  return { status: answer.status, problem: (await answer.json()) as { code: string; detail: string } }
}

test('while a newer release is rolled out, the older one asks to come again, and does not call itself broken', async () => {
  const { status, problem } = await told(new NotKnownHere('module type gallery@2 is not registered'))
  expect(status).toBe(503)
  expect(problem).toMatchObject({ code: 'setup', detail: expect.stringContaining('ask again in a minute') })
})

test('what nobody foresaw is told by a number and never in its own words', async () => {
  const { status, problem } = await told(new Error('password of wed_app is hunter2'))
  expect(status).toBe(500)
  expect(JSON.stringify(problem)).not.toContain('hunter2')
  expect(problem.detail).toMatch(/recorded as [0-9a-f-]{36}/)
})
