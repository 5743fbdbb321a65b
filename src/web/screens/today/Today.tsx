import { Link } from '@tanstack/react-router'
import { addClient } from '../../../contract/clients.ts'
import { Button } from '../../../ui/Button.tsx'
import { useHere } from '../../session.ts'
import { Unwired } from '../Unwired.tsx'

export function Today() {
  const { may } = useHere()
  return (
    <Unwired
      name="Today"
      lede="What goes out today, what waits for you, and what is held will stand here in one sentence."
      meanwhile="npx wedsync run list"
      next={
        <Button asChild look="primary">
          {may(addClient) ? (
            <Link to="/clients" search={{ add: true }}>
              Add a couple
            </Link>
          ) : (
            <Link to="/clients">See your couples</Link>
          )}
        </Button>
      }
    >
      This page will open with today’s messages on one thread, the replies that hold an automation, and this
      week’s weddings.
    </Unwired>
  )
}
