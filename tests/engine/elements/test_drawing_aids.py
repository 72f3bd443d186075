"""What a diagram holds for its readers: pools, lanes, data, notes. It imports, runs, and stands in nobody's way."""

from __future__ import annotations

import pytest

from service.engine import compile_diagrams
from tests.engine.drawing import NAMESPACES
from tests.engine.story import story

MODELER = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {NAMESPACES}
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
    xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn"
    exporter="Camunda Modeler" exporterVersion="5.30.0" modeler:executionPlatform="Camunda Cloud"
    modeler:executionPlatformVersion="8.7.0">
  <bpmn:collaboration id="Collaboration_1">
    <bpmn:documentation>Who works with whom</bpmn:documentation>
    <bpmn:participant id="us" name="Us" processRef="review" />
    <bpmn:participant id="court" name="The court" />
    <bpmn:participant id="police" name="The police" processRef="Process_police" />
    <bpmn:messageFlow id="MessageFlow_1" name="order" sourceRef="court" targetRef="begin" />
    <bpmn:messageFlow id="MessageFlow_2" sourceRef="ask" targetRef="police" />
    <bpmn:textAnnotation id="note_outside"><bpmn:text>Outside</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_1" associationDirection="None" sourceRef="court" targetRef="note_outside" />
    <bpmn:group id="Group_1" categoryValueRef="CategoryValue_1" />
  </bpmn:collaboration>
  <bpmn:process id="review" name="Review" isExecutable="true">
    <bpmn:extensionElements><zeebe:versionTag value="1.2" /></bpmn:extensionElements>
    <bpmn:laneSet id="LaneSet_1">
      <bpmn:lane id="Lane_team" name="Team">
        <bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ask</bpmn:flowNodeRef>
        <bpmn:childLaneSet id="LaneSet_2">
          <bpmn:lane id="Lane_worker" name="Social
worker"><bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane>
          <bpmn:lane id="Lane_unnamed"><bpmn:flowNodeRef>check</bpmn:flowNodeRef></bpmn:lane>
        </bpmn:childLaneSet>
      </bpmn:lane>
      <bpmn:lane id="Lane_manager" name="Manager">
        <bpmn:flowNodeRef>part</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="ask" />
    <bpmn:userTask id="ask" name="Ask">
      <bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:property id="Property_1" name="__targetRef_placeholder" />
      <bpmn:dataInputAssociation id="in"><bpmn:sourceRef>object</bpmn:sourceRef>
        <bpmn:targetRef>Property_1</bpmn:targetRef></bpmn:dataInputAssociation>
      <bpmn:dataOutputAssociation id="out"><bpmn:targetRef>files</bpmn:targetRef></bpmn:dataOutputAssociation>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="check" />
    <bpmn:userTask id="check" bioc:fill="#fff" />
    <bpmn:sequenceFlow id="f3" sourceRef="check" targetRef="part" />
    <bpmn:subProcess id="part">
      <bpmn:startEvent id="b" />
      <bpmn:sequenceFlow id="g1" sourceRef="b" targetRef="sign" />
      <bpmn:userTask id="sign" />
      <bpmn:sequenceFlow id="g2" sourceRef="sign" targetRef="e" />
      <bpmn:endEvent id="e" />
      <bpmn:dataObjectReference id="inner_object" dataObjectRef="DataObject_2" />
      <bpmn:dataObject id="DataObject_2" />
      <bpmn:textAnnotation id="inner_note"><bpmn:text>Inside</bpmn:text></bpmn:textAnnotation>
      <bpmn:association id="Association_3" sourceRef="sign" targetRef="inner_note" />
    </bpmn:subProcess>
    <bpmn:sequenceFlow id="f4" sourceRef="part" targetRef="done" />
    <bpmn:endEvent id="done" />
    <bpmn:dataObjectReference id="object" name="Plan" dataObjectRef="DataObject_1" />
    <bpmn:dataObject id="DataObject_1" isCollection="true" />
    <bpmn:dataStoreReference id="files" name="Files" dataStoreRef="DataStore_1" />
    <bpmn:textAnnotation id="note"><bpmn:text>Ask kindly</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_2" sourceRef="ask" targetRef="note" />
    <bpmn:group id="Group_2" categoryValueRef="CategoryValue_1" />
  </bpmn:process>
  <bpmn:process id="Process_police" isExecutable="false" />
  <bpmn:dataStore id="DataStore_1" name="Files" />
  <bpmn:category id="Category_1"><bpmn:categoryValue id="CategoryValue_1" value="Evidence" /></bpmn:category>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1"><bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Collaboration_1">
    <bpmndi:BPMNShape id="us_di" bpmnElement="us" isHorizontal="true"><dc:Bounds x="1" y="2" width="3" height="4" />
    </bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>""".encode()


def test_a_diagram_as_the_modeller_saves_it_has_no_problem_and_runs():
    assert compile_diagrams({"a.bpmn": MODELER}).problems == ()
    tale = story(MODELER).begin().complete("ask").complete("check").complete("sign")
    assert tale.outcome.ended is not None
    assert tale.passed == ["begin", "ask", "check", "b", "sign", "e", "part", "done"]


@pytest.mark.parametrize(
    ("element_id", "lane"),
    [
        ("begin", "Team"), ("ask", "Social worker"), ("check", "Lane_unnamed"), ("part", "Manager"),
        ("sign", "Manager"), ("done", None),
    ],
)  # fmt: skip
def test_an_element_knows_the_innermost_lane_it_is_drawn_in(element_id, lane):
    assert compile_diagrams({"a.bpmn": MODELER}).element("review", element_id).lane == lane


def test_a_lane_says_nothing_about_who_may_do_a_task():
    task = story(MODELER).begin().task("ask")
    assert (task.candidate_groups, task.candidate_users, task.assignee) == ((), (), None)
