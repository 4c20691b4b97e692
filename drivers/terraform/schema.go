package terraform

// inputsSchema describes {values, secrets}. Fields of the published driver that
// this one does not use (runner, runner_mode) are accepted and ignored.
const inputsSchema = `{
  "type": "object",
  "properties": {
    "values": {
      "type": "object",
      "properties": {
        "script": {"type": "string", "description": "inline code, written to overrides.tf beside the source"},
        "files": {"type": "object", "additionalProperties": {"type": "string"}},
        "source": {"type": "object", "required": ["url"], "properties": {
          "url": {"type": "string"}, "rev": {"type": "string"}, "ref": {"type": "string"},
          "path": {"type": "string"}, "username": {"type": "string"}}},
        "variables": {"type": "object"},
        "credentials_config": {"type": "object", "properties": {
          "variables": {"type": "object", "additionalProperties": {"type": "string"}},
          "environment": {"type": "object", "additionalProperties": {"type": "string"}},
          "file": {"type": "string"}}},
        "manifests_output": {"type": "string"},
        "append_logs_to_error": {"type": "boolean"},
        "terraform_version": {"type": "string", "description": "version constraint, such as \">= 1.5, < 2\""},
        "failed_creates": {"enum": ["again", "ask"], "description": "what follows a creation that ended with an error: the next deployment creates again, or asks a person first"},
        "engine": {"enum": ["terraform", "opentofu"]}
      }
    },
    "secrets": {
      "type": "object",
      "properties": {
        "variables": {"type": "object"},
        "files": {"type": "object"},
        "source": {"type": "object", "properties": {"password": {"type": "string"}, "ssh_key": {"type": "string"}}},
        "terraform": {"type": "object", "properties": {"tokens": {"type": "object"}}}
      }
    }
  }
}`
