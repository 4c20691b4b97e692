export function Logo() {
  return (
    <span className="row">
      <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="7" fill="var(--accent-fill)" />
        <path d="M6 21 L22 9" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
        <path d="M6 26 L26 11" stroke="#9cc4ff" strokeWidth="3" strokeLinecap="round" />
      </svg>
      Slipway
    </span>
  );
}
