import { Unwired } from '../Unwired.tsx'

export function Analytics() {
  return (
    <Unwired name="Analytics" lede="How your journeys do, in figures that open what is behind them.">
      Funnels, steps and trends will be drawn here, each with its table.
    </Unwired>
  )
}
