import { useNavigate } from '@tanstack/react-router'
import { isSample } from '../../core/sample.ts'
import { InTheSample } from '../screens/first-run/InTheSample.tsx'
import { useSession } from '../session.ts'

/**
 * In a sample studio it is said on every page, so that nobody takes it for their own; and from the first moment on, so
 * that nothing is pushed down under somebody's finger.
 */
export function SampleNotice() {
  const session = useSession()
  const navigate = useNavigate()
  if (!session || !isSample(session.vendor)) return null
  const own = session.businesses.find(({ vendor }) => !isSample(vendor))
  const home = () => void navigate({ to: '/', search: own ? { business: own.vendor } : {} })
  return <InTheSample own={own?.name ?? null} onHome={home} />
}
