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
    hookTimeout: 60_000,
  },
})
