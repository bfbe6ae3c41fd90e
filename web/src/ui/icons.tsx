import type { ComponentChildren } from "preact";

/* Line icons on a 24 grid. They repeat what a label says, so screen readers skip them. */

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const MicrophoneIcon = () => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </Icon>
);

export const MicrophoneOffIcon = () => (
  <Icon>
    <path d="M15 10.5V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.6 2.5" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5a6.5 6.5 0 0 1-.6 2.7M12 18v3M4 4l16 16" />
  </Icon>
);

export const CameraIcon = () => (
  <Icon>
    <rect x="3" y="6.5" width="12.5" height="11" rx="2.5" />
    <path d="m15.5 11 5.5-3v8l-5.5-3" />
  </Icon>
);

export const CameraOffIcon = () => (
  <Icon>
    <path d="M9 6.5h4A2.5 2.5 0 0 1 15.5 9v3.5L21 16V8l-5.5 3M15.5 16.5a2.5 2.5 0 0 1-2 1h-8A2.5 2.5 0 0 1 3 15V9c0-1 .6-1.9 1.5-2.3M4 4l16 16" />
  </Icon>
);

export const ScreenIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12" rx="2" />
    <path d="M9 20h6M12 13.5v-6m-2.5 2.3L12 7.3l2.5 2.5" />
  </Icon>
);

export const ScreenOffIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12" rx="2" />
    <path d="M9 20h6m-5-11.7 4 4m0-4-4 4" />
  </Icon>
);

export const WindowIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="15" rx="2" />
    <path d="M3 9h18M6.5 6.8h.01M9 6.8h.01" />
  </Icon>
);

export const MonitorIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12" rx="2" />
    <path d="M9 20h6m-3-3.5V20" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 13.8a6.5 6.5 0 0 1 3.5 5.7" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="2.8" />
  </Icon>
);

export const KeyIcon = () => (
  <Icon>
    <circle cx="8" cy="15.5" r="4.5" />
    <path d="m11.3 12.3 8.2-8.3m-3 3 2.5 2.5M14 9.5l2 2" />
  </Icon>
);

export const PulseIcon = () => (
  <Icon>
    <path d="M2.5 12.5h4l3-7.5 5 14 3-6.5h4" />
  </Icon>
);

export const SlidersIcon = () => (
  <Icon>
    <path d="M3 7.5h10m4 0h4M3 16.5h4m4 0h10" />
    <circle cx="15" cy="7.5" r="2" />
    <circle cx="9" cy="16.5" r="2" />
  </Icon>
);

export const ShieldIcon = () => (
  <Icon>
    <path d="M12 3 4.5 5.8v5.7c0 4.5 3.1 8 7.5 9.5 4.4-1.5 7.5-5 7.5-9.5V5.8L12 3Z" />
    <path d="m8.8 12 2.3 2.3 4.2-4.3" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <rect x="5" y="10.5" width="14" height="10" rx="2.5" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
  </Icon>
);

export const LeaveIcon = () => (
  <Icon>
    <path d="M3.2 15.6c-.9-1.4-.5-3.2.8-4.2 4.7-3.6 11.3-3.6 16 0 1.3 1 1.7 2.8.8 4.2l-.3.5c-.3.5-1 .7-1.6.5l-2.7-1a1.2 1.2 0 0 1-.8-1v-2.3a12 12 0 0 0-6.8 0v2.3c0 .5-.3.9-.8 1l-2.7 1c-.6.2-1.3 0-1.6-.500l-.3-.5Z" />
  </Icon>
);

export const LinkIcon = () => (
  <Icon>
    <path d="M10 13.5a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.2 1.2M14 10.5a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.2-1.2" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="8.5" y="8.5" width="12" height="12" rx="2.5" />
    <path d="M15.5 8.5V6A2.5 2.5 0 0 0 13 3.5H6A2.5 2.5 0 0 0 3.5 6v7A2.5 2.5 0 0 0 6 15.5h2.5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);

export const AlarmIcon = () => (
  <Icon>
    <path d="M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17h.01" />
  </Icon>
);

export const RefreshIcon = () => (
  <Icon>
    <path d="M20 5v5h-5M4 19v-5h5" />
    <path d="M5.5 9.5a7 7 0 0 1 12-2.5l2.5 3M18.5 14.5a7 7 0 0 1-12 2.5L4 14" />
  </Icon>
);

export const SoundIcon = () => (
  <Icon>
    <path d="M4 9.5v5h3.5l5 4v-13l-5 4H4ZM16 9a4.2 4.2 0 0 1 0 6M18.7 6.5a8 8 0 0 1 0 11" />
  </Icon>
);

/** The mark: a voice kept low: one calm wave under a line. */
export const SottoMark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="mark-line" d="M5 10.5h22" />
    <path class="mark-voice" d="M5 20.5c2.75 0 2.75-4 5.5-4s2.75 8 5.5 8 2.75-8 5.5-8 2.75 4 5.5 4" />
  </svg>
);
