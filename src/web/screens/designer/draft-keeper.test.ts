import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Journey } from '../../../core/journey/graph.ts'
import { DraftKeeper, type Ports, type ServerDraft } from './draft-keeper.ts'

const drawn = (name: string): Journey => ({ name, nodes: [], edges: [] }) as unknown as Journey

/** A server that keeps one draft as the real one does, and a clock that moves when it is told to. */
function makeServer(name = 'first') {
  let version = 1
  let document = drawn(name)
  let by = 'member:me'
  let broken = false
  const timers = new Set<() => void>()
  const saves: string[] = []
  const now = (): ServerDraft => ({ document, etag: `v${version}`, by, at: null })
  const ports: Ports = {
    save: async (next, etag) => {
      await Promise.resolve()
      if (broken) throw new Error('the line is down')
      if (etag !== `v${version}`) return null
      version += 1
      document = next
      by = 'member:me'
      saves.push(next.name)
      return now()
    },
    read: async () => now(),
    now: () => 0,
    later: (work) => {
      timers.add(work)
      return () => timers.delete(work)
    },
  }
  return {
    ports,
    saves,
    now,
    name: () => document.name,
    breaks: (is: boolean) => {
      broken = is
    },
    someoneElse(next: string) {
      version += 1
      document = drawn(next)
      by = 'member:sam'
    },
    /** Whatever was put off is due, and what follows from it. */
    async passes() {
      for (const work of [...timers]) {
        timers.delete(work)
        work()
      }
      for (let i = 0; i < 20; i++) await Promise.resolve()
    },
  }
}
const draw = (keeper: DraftKeeper, name: string): void =>
  keeper.edit({ label: 'Draw', document: drawn(name), step: null })
const open = (server: ReturnType<typeof makeServer>) => new DraftKeeper(server.now(), server.ports)
const shows = (keeper: DraftKeeper): string => keeper.kept().history.now.document.name

describe('saving', () => {
  test('the newest drawing is saved once, a moment after the last change', async () => {
    const server = makeServer()
    const keeper = open(server)
    for (const name of ['a', 'b', 'c']) draw(keeper, name)
    expect(keeper.kept().saving.is).toBe('unsaved')
    await server.passes()
    expect(server.saves).toEqual(['c'])
    expect(keeper.kept().saving.is).toBe('saved')
  })

  test('what is drawn while a save is on its way follows it', async () => {
    const server = makeServer()
    const keeper = open(server)
    draw(keeper, 'a')
    const saving = keeper.save()
    draw(keeper, 'b')
    expect(await saving).toBe('v3')
    expect(server.saves).toEqual(['a', 'b'])
  })

  test('a save that fails is tried again; whoever waits for it is told', async () => {
    const server = makeServer()
    const keeper = open(server)
    server.breaks(true)
    draw(keeper, 'a')
    await expect(keeper.save()).rejects.toThrow('the line is down')
    expect(keeper.kept().saving.is).toBe('failed')
    server.breaks(false)
    await server.passes()
    expect(server.name()).toBe('a')
  })
})

describe('two at one draft', () => {
  test('nobody is overwritten unasked, and nothing goes out until a person decides', async () => {
    const server = makeServer()
    const keeper = open(server)
    server.someoneElse('theirs')
    draw(keeper, 'mine')
    await server.passes()
    expect(keeper.kept().saving).toMatchObject({ is: 'overtaken', theirs: { by: 'member:sam' } })
    draw(keeper, 'mine, and more')
    await server.passes()
    expect(server.name()).toBe('theirs')
    await expect(keeper.save()).rejects.toThrow('Somebody else')
  })

  test('theirs is taken, and undo leads back to mine', async () => {
    const server = makeServer()
    const keeper = open(server)
    server.someoneElse('theirs')
    draw(keeper, 'mine')
    await server.passes()
    keeper.takeTheirs()
    expect(shows(keeper)).toBe('theirs')
    expect(keeper.kept().saving.is).toBe('saved')
    keeper.undo()
    await server.passes()
    expect([shows(keeper), server.name()]).toEqual(['mine', 'mine'])
  })

  test('mine is kept because a person said so', async () => {
    const server = makeServer()
    const keeper = open(server)
    server.someoneElse('theirs')
    draw(keeper, 'mine')
    await server.passes()
    keeper.keepMine()
    await server.passes()
    expect(server.name()).toBe('mine')
  })

  test('where nothing of mine is open, theirs is shown at once', async () => {
    const server = makeServer()
    const keeper = open(server)
    server.someoneElse('theirs')
    expect(keeper.hear(server.now())).toBe(true)
    expect(shows(keeper)).toBe('theirs')
    expect(keeper.hear(server.now())).toBe(false)
  })
})

test('whatever is drawn, undone and heard in whatever order: in the end the server has what is shown, or a person is asked', async () => {
  const acts = fc.array(fc.constantFrom('draw', 'undo', 'redo', 'pass', 'sam', 'hear', 'take', 'keep'), {
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      const server = makeServer()
      const keeper = open(server)
      for (const [index, act] of all.entries()) {
        const before = server.name()
        const wasOvertaken = keeper.kept().saving.is === 'overtaken'
        if (act === 'draw') draw(keeper, `mine ${index}`)
        else if (act === 'undo') keeper.undo()
        else if (act === 'redo') keeper.redo()
        else if (act === 'pass') await server.passes()
        else if (act === 'sam') server.someoneElse(`theirs ${index}`)
        else if (act === 'hear') keeper.hear(server.now())
        else if (act === 'take') keeper.takeTheirs()
        else keeper.keepMine()
        if (wasOvertaken && act !== 'keep' && act !== 'take' && act !== 'sam')
          expect(server.name()).toBe(before)
      }
      for (let i = 0; i < 5; i++) await server.passes()
      keeper.hear(server.now())
      const { saving } = keeper.kept()
      if (saving.is !== 'overtaken') expect(shows(keeper)).toBe(server.name())
    }),
  )
})
