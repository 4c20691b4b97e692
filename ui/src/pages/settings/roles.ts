/** Roles by what they are on, from the weakest to the strongest, and what each is for. */
export const roles = {
  org: [
    ["orgViewer", "Reads everything, changes nothing"],
    ["artefactContributor", "Registers artefact versions, as CI systems do"],
    ["member", "Belongs to it; roles on applications say the rest"],
    ["manager", "Invites people, creates applications"],
    ["administrator", "May do everything"],
  ],
  app: [
    ["viewer", "Reads the application"],
    ["developer", "Changes and deploys it where they are a deployer"],
    ["owner", "Manages it and its members"],
  ],
  envType: [["deployer", "Deploys to environments of this type"]],
} as const;

export type On = keyof typeof roles;

/** What a role is for, in a few words; "" for one that is not known. */
export const roleMeans = (on: On, role: string) => (roles[on] as readonly (readonly [string, string])[]).find(([r]) => r === role)?.[1] ?? "";
