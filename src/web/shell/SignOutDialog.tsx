import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { signOutHere } from '../sign-out.ts'
import { setOverlay } from './overlays.ts'

/** A way out of one's own hands is asked about: the next who comes to this browser needs the password. */
export function SignOutDialog() {
  const stay = () => setOverlay(null)
  return (
    <Dialog
      open
      onOpenChange={stay}
      title="Sign out of this browser?"
      description="Your journeys go on without you. To come back you need your password."
      actions={
        <>
          <Button onClick={stay}>Stay</Button>
          <Button look="primary" onClick={() => void signOutHere()}>
            Sign out
          </Button>
        </>
      }
    />
  )
}
