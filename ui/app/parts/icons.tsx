/** The sign of the project: a state and the loop that keeps it. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="mark-ground" width="32" height="32" rx="9" />
      <path className="mark-line" d="M22.2 11.2A8 8 0 1 0 24 16" />
      <path className="mark-line" d="M22.9 6.9v4.7h-4.7" />
      <circle className="mark-dot" cx="16" cy="16" r="2.7" />
    </svg>
  )
}

export function Spinner() {
  return (
    <svg className="spinner" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <circle className="spinner-track" cx="20" cy="20" r="16" />
      <path className="spinner-arc" d="M20 4a16 16 0 0 1 16 16" />
    </svg>
  )
}

export function Check() {
  return (
    <svg className="done" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <circle cx="20" cy="20" r="16" />
      <path d="m13 20.5 5 5 9.5-11" />
    </svg>
  )
}

export function Chevron() {
  return (
    <svg className="chevron" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d="m4 6 4 4 4-4" />
    </svg>
  )
}
