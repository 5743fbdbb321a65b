import type { System } from '../harness/system.ts'

export const systems: readonly System[] = [
  {
    name: 'absurd',
    mode: 'absurd-sdk',
    role: 'peer',
    settings: '',
    notRun: 'its SQL schema does not come with the npm package absurd-sdk 0.5.0',
  },
]
