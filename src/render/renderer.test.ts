import { afterEach, expect, test } from 'vitest'
import type { MergeParts } from '../core/merge.ts'
import { createRenderer, type Renderer } from './renderer.ts'
import { RendererClosed, RenderQueueFull } from './thread.ts'

const open: Renderer[] = []
const renderer = (limits: Parameters<typeof createRenderer>[0] = {}): Renderer => {
  const made = createRenderer(limits)
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

const hello: MergeParts = {
  subject: { template: 'Hello {{ client.names }}', target: 'text' },
  html: { template: '<b>{{ client.names }}</b>', target: 'html' },
}
const facts = { client: { names: 'Anna & Ben' } }
const greeting = {
  subject: { is: 'text', text: 'Hello Anna & Ben' },
  html: { is: 'text', text: '<b>Anna &amp; Ben</b>' },
}
/** Inside the dialect's own limits of time and memory, and yet longer than a message may take here. */
const runaway: MergeParts = {
  body: { template: '{% for i in (1..400000) %}{% if i == 0 %}{% endif %}{% endfor %}', target: 'text' },
}

test('all parts of a message are merged in one go, and again in the same thread', async () => {
  const { render } = renderer()
  expect(await render(hello, facts)).toEqual(greeting)
  expect(await render(hello, facts)).toEqual(greeting)
})

test('a text that takes too long loses its thread; the messages behind it do not notice', async () => {
  const { render } = renderer({ timeoutMs: 80 })
  const [stuck, ...others] = await Promise.all([
    render(runaway, facts),
    render(hello, facts),
    render(hello, facts),
  ])
  expect(stuck).toEqual({ body: { is: 'broken', cause: 'merging took longer than 80 ms' } })
  expect(others).toEqual([greeting, greeting])
})

test('a process that stood still does not take it for the fault of a text', async () => {
  const { render } = renderer({ timeoutMs: 80 })
  await render(hello, facts)
  const standStill = () => {
    const until = performance.now() + 300
    while (performance.now() < until);
  }
  // Timers come next after this.
  const merged = new Promise((resolve) => {
    setImmediate(() => {
      resolve(render(hello, facts))
      standStill()
    })
  })
  expect(await merged).toEqual(greeting)
})

test.each([
  '{% for i in (1..9999999) %}{{ i }}{% endfor %}',
  `{% for i in (1..400000) %}${'x'.repeat(90_000)}{% endfor %}`,
  `{% assign s = "x" %}{% for i in (1..64) %}{% assign s = s | append: s %}{% endfor %}{{ s }}`,
  `{% assign s = "${'x,'.repeat(40_000)}" %}{% for i in (1..999) %}{% assign a = s | split: "," %}{% endfor %}`,
])('a text that wants much memory is refused long before its thread is in danger (%#)', async (template) => {
  const { render } = renderer({ timeoutMs: 5_000 })
  const before = process.memoryUsage.rss()
  const [eaten, other] = await Promise.all([
    render({ body: { template, target: 'text' } }, facts),
    render(hello, facts),
  ])
  expect(eaten?.body?.is).toBe('broken')
  expect(other).toEqual(greeting)
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000)
})

test('more messages than may wait are refused at once', async () => {
  const { render } = renderer({ waitingMax: 2 })
  const accepted = [render(hello, facts), render(hello, facts)]
  await expect(render(hello, facts)).rejects.toThrow(RenderQueueFull)
  expect(await Promise.all(accepted)).toEqual([greeting, greeting])
})

test('closing tells those who wait, and refuses whoever comes after', async () => {
  const one = renderer()
  const pending = expect(one.render(hello, facts)).rejects.toThrow(RendererClosed)
  await one.close()
  await pending
  await expect(one.render(hello, facts)).rejects.toThrow(RendererClosed)
})

test('missing words come back as fields, not as an error', async () => {
  expect(await renderer().render(hello, {})).toEqual({
    subject: { is: 'unresolved', fields: ['client.names'] },
    html: { is: 'unresolved', fields: ['client.names'] },
  })
})
