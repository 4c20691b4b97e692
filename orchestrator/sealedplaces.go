package orchestrator

// What a ciphertext in a record is bound to (associated data), for those who encrypt records anew.

// SecretPlace is the place of a version of a secret.
func SecretPlace(org, ref string) []byte { return secretAD(org, ref) }

// NodePlace is the place of what a node keeps.
func NodePlace(org, deployment string, ordinal int) []byte {
	return []byte(nodeAD(&Node{OrgID: org, DeploymentID: deployment, Ordinal: ordinal}))
}

// ResourcePlace is the place of what an active resource keeps, a retired one too.
func ResourcePlace(org, guresid string) []byte {
	return []byte(resourceAD(&ActiveResource{OrgID: org, GUResID: guresid}))
}

// ManifestsPlace is the place of a deployment's rendered objects.
func ManifestsPlace(org, deployment string) []byte {
	return []byte(manifestAD(DeploymentKey{EnvRef: EnvRef{OrgID: org}, ID: deployment}))
}

// CredentialsPlace is the place of the credentials of a secret store, a
// resource account or a registry, by the table that holds it.
func CredentialsPlace(table, org, id string) []byte { return []byte(table + "|" + org + "|" + id) }

// WebhookPlace is the place of headers and secret of a webhook.
func WebhookPlace(org, id string) []byte { return []byte("webhook|" + org + "|" + id) }
