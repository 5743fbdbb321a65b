import { Link } from '@tanstack/react-router'
import { Button } from '../../../ui/Button.tsx'
import { Unwired } from '../Unwired.tsx'

export function Analytics() {
  return (
    <Unwired
      name="Analytics"
      lede="How your journeys do, in figures that open what is behind them."
      next={
        <Button asChild>
          <Link to="/journeys">Your journeys</Link>
        </Button>
      }
    >
      Funnels, steps and trends will be drawn here, each with its table. Until then each journey shows under
      Live how many couples are where, and what was sent.
    </Unwired>
  )
}
