import { Unwired } from '../Unwired.tsx'

export function Designer() {
  return (
    <Unwired
      name="Designer"
      lede="A journey as a drawing you can change, try and publish."
      meanwhile="npx wedsync journey check journey.json"
    >
      Steps, waits and branches will be arranged here, with the date each one means for a couple of yours.
    </Unwired>
  )
}
