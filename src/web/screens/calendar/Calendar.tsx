import { Link } from '@tanstack/react-router'
import { Button } from '../../../ui/Button.tsx'
import { Unwired } from '../Unwired.tsx'

export function Calendar() {
  return (
    <Unwired
      name="Calendar"
      lede="What will go out when, and the days you work."
      next={
        <Button asChild>
          <Link to="/messages" search={{ is: 'planned' }}>
            What is planned
          </Link>
        </Button>
      }
    >
      The season will be drawn here, with the days you work a wedding hatched. Until then the coming seven
      days stand on Today, message by message under Messages.
    </Unwired>
  )
}
