import { expect, test } from 'vitest'
import { z } from 'zod'
import { connect, type Transport } from './connect.ts'
import { operation } from './operation.ts'
import { operations } from './operations.ts'

const asked = { method: 'get', path: '/count', summary: 'How many', needs: 'person' } as const
const count = () => z.object({ count: z.int() })
const first = operation({ ...asked, id: 'test.first', answer: count })
const other = operation({ ...asked, id: 'test.other', answer: count() })

function page(answers: unknown) {
  const later: (() => void)[] = []
  const transport: Transport = {
    base: 'https://studio.example',
    newKey: () => 'key',
    fetch: async () => Response.json(answers),
    whenDrawn: (work) => later.push(work),
  }
  return { api: connect(transport), later }
}

test('what is drawn first is checked when it is drawn, everything else before', async () => {
  const { api, later } = page({ count: 'three' })
  await expect(api(other, {})).rejects.toThrow(z.ZodError)
  expect(later).toHaveLength(0)
  expect((await api(first, {})).data).toEqual({ count: 'three' })
  expect(() => later[0]!()).toThrow(z.ZodError)
})

test('where nothing is drawn everything is checked at once', async () => {
  const fetch = async () => Response.json({ count: 'three' })
  const api = connect({ base: 'https://studio.example', newKey: () => 'key', fetch })
  await expect(api(first, {})).rejects.toThrow(z.ZodError)
})

const shapeOf = (answer: z.ZodType, io: 'input' | 'output'): unknown =>
  JSON.parse(
    JSON.stringify(z.toJSONSchema(answer, { io }), (name, value) =>
      name === 'additionalProperties' ? undefined : value,
    ),
  )

test('what is drawn before it is checked is what would be drawn after it', () => {
  const drawnFirst = operations.filter((one) => one.drawnFirst)
  expect(drawnFirst.map(({ id }) => id).sort()).toEqual(['session.read', 'today.outlook', 'today.read'])
  for (const { id, answer } of drawnFirst)
    expect(shapeOf(answer, 'output'), id).toEqual(shapeOf(answer, 'input'))
})
