import { Link } from '@tanstack/react-router'
import { addClient } from '../../../contract/clients.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { useHere } from '../../session.ts'

/** Where a business begins: nothing has ever gone out. */
export function First() {
  const { may } = useHere()
  return (
    <div className="mt-5 max-w-[860px]">
      <EmptyState
        title="Your day will be told here"
        action={
          <>
            <Button asChild look="primary">
              <Link to="/templates">Choose a journey</Link>
            </Button>
            {may(addClient) && (
              <Button asChild>
                <Link to="/clients" search={{ add: true }}>
                  Add a couple
                </Link>
              </Button>
            )}
          </>
        }
      >
        A journey and a couple are all it takes: then each message stands on this page before it goes, with
        its moment, its reason, and a way to stop it.
      </EmptyState>
    </div>
  )
}
