// Package storetest is the conformance suite of orchestrator.Store: what every
// implementation must do, on every database. It never looks behind the
// interface.
package storetest

import (
	"context"
	"testing"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Open returns an empty store that the test closes by itself at its end.
type Open func(t *testing.T) orchestrator.Store

// Run checks everything that orchestrator.Store promises. Each part gets a
// store of its own.
func Run(t *testing.T, open Open) {
	t.Helper()
	for name, part := range map[string]func(*testing.T, orchestrator.Store){
		"round trips":           testRoundTrips,
		"values":                testValues,
		"secrets":               testSecrets,
		"organizations":         testOrganizations,
		"people":                testPeople,
		"invitations":           testInvitations,
		"audit":                 testAudit,
		"sets":                  testSets,
		"deployments":           testDeployments,
		"deployment errors":     testDeploymentErrors,
		"nodes":                 testNodes,
		"events":                testEvents,
		"event order":           testEventOrder,
		"watch":                 testWatch,
		"resource types":        testResourceTypes,
		"definitions":           testDefinitions,
		"criteria":              testCriteria,
		"criteria at once":      testCriteriaAtOnce,
		"active resources":      testActiveResources,
		"reserve at once":       testReserveAtOnce,
		"graphs":                testGraphs,
		"pipeline runs":         testPipelineRuns,
		"delivery":              testDelivery,
		"assets":                testAssets,
		"pipelines":             testPipelines,
		"isolation":             testIsolation,
		"missing parents":       testMissingParents,
		"optimistic locking":    testOptimisticLocking,
		"transactions":          testTransactions,
		"conflict inside InTx":  testConflictInsideTx,
		"lock environment":      testLockEnvironment,
		"delete an environment": testDeleteEnvironment,
		"delete an application": testDeleteApplication,
		"environment types":     testEnvironmentTypes,
		"cancelled context":     testCancelledContext,
		"text":                  testText,
		"artefacts":             testArtefacts,
		"lifecycle":             testLifecycle,
		"gates":                 testGates,
		"promotions":            testPromotions,
		"drift ignores":         testDriftIgnores,
		"pull secrets":          testPullSecrets,
		"plans":                 testDeploymentPlans,
		"freeze and path":       testFreezeAndPath,
		"automation":            testAutomation,
		"operations":            testOperations,
		"drift":                 testDrift,
		"resources everywhere":  testResourcesEverywhere,
		"failed environments":   testFailedEnvironments,
		"drifted environments":  testDriftedEnvironments,
		"ending environments":   testEndingEnvironments,
		"refused and failed":    testRefusedAndFailed,
		"schedules":             testSchedules,
		"retention":             testRetention,
		"receivers":             testReceivers,
		"scheduled deployments": testScheduledDeployments,
		"webhooks":              testWebhooks,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t, open(t))
		})
	}
}

var ctx = context.Background()
