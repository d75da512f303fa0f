/** A picture of what happens, for those who look; the words beside it say the same. */
export function LoopPicture() {
  return (
    <svg className="loop" viewBox="0 0 480 190" aria-hidden="true" focusable="false">
      <defs>
        <marker id="loop-head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M1 1.5 8.5 5 1 8.5" className="loop-head" />
        </marker>
      </defs>
      <rect className="loop-box" x="1" y="66" width="120" height="56" rx="14" />
      <text x="61" y="99">
        signed out
      </text>
      <rect className="loop-box loop-box-main" x="200" y="66" width="120" height="56" rx="14" />
      <text className="loop-main" x="260" y="99">
        signed in
      </text>
      <rect className="loop-box" x="359" y="66" width="120" height="56" rx="14" />
      <text x="419" y="99">
        renewing
      </text>
      <path className="loop-way" d="M121 84h77" markerEnd="url(#loop-head)" />
      <text className="loop-word" x="160" y="74">
        log in
      </text>
      <path className="loop-way" d="M200 106h-77" markerEnd="url(#loop-head)" />
      <text className="loop-word" x="160" y="125">
        log out
      </text>
      <path className="loop-way" d="M280 66C290 10 390 10 402 63" markerEnd="url(#loop-head)" />
      <text className="loop-word" x="341" y="17">
        before it expires
      </text>
      <path className="loop-way" d="M402 122C390 178 290 178 280 125" markerEnd="url(#loop-head)" />
      <text className="loop-word" x="341" y="182">
        in one tab, for all tabs
      </text>
    </svg>
  )
}
