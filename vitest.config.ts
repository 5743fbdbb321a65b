import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'bench/harness/**/*.test.ts',
      'src/**/*.test.ts',
      'sim/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    maxWorkers: 2,
    testTimeout: 30_000,
    // Whoever asks again and again until it is so asks for this long; what is so already costs nothing.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
  },
})
