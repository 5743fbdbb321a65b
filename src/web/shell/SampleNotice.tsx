import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { isSample } from '../../core/sample.ts'
import { useSession } from '../session.ts'

const InTheSample = lazy(async () => ({
  default: (await import('../screens/first-run/InTheSample.tsx')).InTheSample,
}))

/** In a sample studio it is said on every page, so that nobody takes it for their own. */
export function SampleNotice() {
  const session = useSession()
  const navigate = useNavigate()
  if (!session || !isSample(session.vendor)) return null
  const own = session.businesses.find(({ vendor }) => !isSample(vendor))
  const home = () => void navigate({ to: '/', search: own ? { business: own.vendor } : {} })
  return (
    <Suspense>
      <InTheSample own={own?.name ?? null} onHome={home} />
    </Suspense>
  )
}
