import { configDefaults, defineConfig } from 'vitest/config'

/**
 * What asks nobody, or opens a house of its own and closes it: such files share a process, so that zod, the core and
 * the engine are loaded and compiled once for each core and not once for each file. That was half of what they took.
 */
const TOGETHER = [
  'bench/harness/**/*.test.ts',
  'src/**/*.test.ts',
  'examples/**/*.test.ts',
  'test/{api,golden,stories,templates}/**/*.test.ts',
]
/** Judges the memory of its whole process. */
const BY_ITSELF = 'src/render/renderer.test.ts'
/** Parts of the tests that are also run, or left out, by themselves: `--project kills`. */
const PARTS = {
  /** Real processes, really killed. */
  kills: ['test/embedded/**/*.test.ts'],
  /** Stories in a real browser, two at a time: much of one is waiting. */
  stories: ['test/e2e/!(quick).test.ts'],
  /** What must be quick in a browser, and so has the machine to itself. */
  quick: ['test/e2e/quick.test.ts'],
  /** Minutes of real faults, and the book that judges them. */
  storm: ['test/faults/**/*.test.ts'],
}

const project = (name: string, include: readonly string[], exclude: readonly string[], isolate = true) => ({
  extends: true as const,
  test: { name, include: [...include], exclude: [...configDefaults.exclude, ...exclude], isolate },
})

export default defineConfig({
  test: {
    maxWorkers: 2,
    // For whoever hangs. How long something may take is asserted where that is the promise.
    testTimeout: 60_000,
    // Whoever asks again and again until it is so asks for this long; what is so already costs nothing.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
    // They run in the order of their names: long files first, so that no core waits for the other at the end.
    projects: [
      project(
        'alone',
        ['sim/**/*.test.ts', 'test/**/*.test.ts', BY_ITSELF],
        [...TOGETHER.filter((one) => one.startsWith('test/')), ...Object.values(PARTS).flat()],
      ),
      ...Object.entries(PARTS).map(([name, include]) => project(name, include, [])),
      project('together', TOGETHER, [BY_ITSELF], false),
    ],
  },
})
