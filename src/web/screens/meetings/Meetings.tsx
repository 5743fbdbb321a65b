import { Link } from '@tanstack/react-router'
import { Button } from '../../../ui/Button.tsx'
import { Unwired } from '../Unwired.tsx'

export function Meetings() {
  return (
    <Unwired
      name="Meetings"
      lede="When you can be met, and who has booked."
      next={
        <Button asChild>
          <Link to="/forms">Your forms</Link>
        </Button>
      }
    >
      Your hours, and what is booked into them, will be here. Until then a journey can send the link of the
      calendar you use today, and a form can ask for a time.
    </Unwired>
  )
}
