import { useEffect, useState } from 'react'

/** The time, once a second. Renders again each time, so it belongs into the smallest component that shows it. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
