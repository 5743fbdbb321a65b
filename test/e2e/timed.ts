import type { Page } from 'playwright-core'
import type { NodeId } from '../../src/core/ids.ts'
import { insert } from '../../src/core/journey/edit/edits.ts'
import { newSteps } from '../../src/core/journey/edit/new-step.ts'
import type { Journey } from '../../src/core/journey/graph.ts'
import { outlineOf } from '../../src/core/journey/outline.ts'
import { definitions } from '../../src/modules/definitions.ts'
import { registryOf } from '../../src/modules/registry.ts'
import { triggerTypes } from '../../src/triggers/definitions.ts'

/** What must be quick in the app, by the page's own clock: for the stories that hold it and the bench that measures it. */

export const registry = registryOf(definitions, triggerTypes)

export const BLANK = {
  format: 1,
  name: 'Blank',
  category: 'general',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    { id: 'wait', kind: 'delay', wait: { after: { days: 2 } } },
    { id: 'end', kind: 'end' },
  ],
  edges: [
    { from: 'begin', exit: 'next', to: 'wait' },
    { from: 'wait', exit: 'next', to: 'end' },
  ],
}

/** As large as a large one: two hundred steps, some of them decisions. */
export function largeJourney(name: string): Journey {
  const all = newSteps(registry)
  const clip = (key: string) => all.find((one) => one.key === key)!.clip
  let journey = { ...BLANK, name } as unknown as Journey
  for (let round = 0; journey.nodes.length < 200; round++) {
    const outline = outlineOf(journey, registry)
    const ways = journey.edges.filter((edge) => outline.node(edge.from)?.kind !== 'goal')
    const edge = ways[(round * 7) % ways.length]!
    const key = ['module:email', 'wait', 'module:email', 'await', 'condition', 'task'][round % 6]!
    const edited = insert(
      journey,
      registry,
      { from: edge.from as NodeId, exit: edge.exit ?? 'next' },
      clip(key),
    )
    if (edited.ok) journey = edited.journey
  }
  return journey
}

/** From the press on its name, among all journeys, to its steps. */
export const openingMs = (page: Page, journey: string): Promise<number> =>
  page.evaluate(`new Promise((done) => {
    const from = performance.now()
    const look = () => document.querySelectorAll('[data-step]').length > 5
      ? requestAnimationFrame(() => done(performance.now() - from))
      : requestAnimationFrame(look)
    document.querySelector('a[href^="/journeys/${journey}"]').click()
    look()
  })`)

/** From the press on a step to its panel, for a dozen steps; the quickest first. */
export const panelsMs = (page: Page): Promise<number[]> =>
  page.evaluate(`(async () => {
    const steps = [...document.querySelectorAll('[data-step]')].slice(0, 12).map((step) => step.id)
    const times = []
    for (const step of steps) {
      const button = document.getElementById(step)
      if (!button) continue
      const from = performance.now()
      button.click()
      await new Promise((done) => {
        const look = () => document.querySelector('[data-step-panel] h2')?.textContent
          && document.querySelector('[aria-pressed=true][data-step]')?.id === step ? done() : requestAnimationFrame(look)
        look()
      })
      times.push(performance.now() - from)
      await new Promise((done) => setTimeout(done, 60))
    }
    return times.sort((a, b) => a - b)
  })()`)

/** Frames while the picture is moved; the quickest first. */
export const framesMs = (page: Page): Promise<number[]> =>
  page.evaluate(`(async () => {
    const pane = document.querySelector('.react-flow__pane')
    const times = []
    let before = performance.now()
    for (let i = 0; i < 60; i++) {
      pane.dispatchEvent(new WheelEvent('wheel', { deltaY: 40, deltaX: 10, bubbles: true, cancelable: true, clientX: 700, clientY: 400 }))
      await new Promise((done) => requestAnimationFrame(done))
      const now = performance.now()
      times.push(now - before)
      before = now
    }
    return times.sort((a, b) => a - b)
  })()`)

/** As a hand on a wheel would, until so many rows are there: at every frame the part in view must be filled with rows. */
export const scrollThrough = (page: Page, rows: number): Promise<{ blanks: number; end: boolean }> =>
  page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector('[role=region][aria-label=Couples]')
    let blanks = 0
    let stood = 0
    const look = () => {
      const { top, bottom, left } = box.getBoundingClientRect()
      for (const y of [top + 80, (top + bottom) / 2, bottom - 20]) {
        const row = document.elementFromPoint(left + 60, y)?.closest('tr')
        if (!row || row.getAttribute('aria-hidden')) blanks += 1
      }
      const before = box.scrollTop
      box.scrollTop += 600
      stood = box.scrollTop === before ? stood + 1 : 0
      const there = Number(box.querySelector('table').getAttribute('aria-rowcount')) - 1
      if (there >= ${rows} && stood > 20) resolve({ blanks, end: true })
      else if (stood > 2000) resolve({ blanks, end: false })
      else requestAnimationFrame(look)
    }
    look()
  })`)
