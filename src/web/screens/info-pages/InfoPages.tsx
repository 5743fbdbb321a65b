import { Link } from '@tanstack/react-router'
import { Button } from '../../../ui/Button.tsx'
import { Unwired } from '../Unwired.tsx'

export function InfoPages() {
  return (
    <Unwired
      name="Info pages"
      lede="What you would otherwise write in long messages."
      next={
        <Button asChild>
          <Link to="/journeys">Your journeys</Link>
        </Button>
      }
    >
      What to bring, how to get there, what happens when it rains: written once, with each couple’s own dates.
      Until then a message of a journey says it.
    </Unwired>
  )
}
